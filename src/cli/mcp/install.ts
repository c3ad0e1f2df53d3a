/** `upkeep mcp install`: shows what it would write into the clients' files, asks, and writes it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { distFile } from '../../client/dist.ts';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import { nearest } from '../../contract/nearest.ts';
import { ask, canAsk } from '../ask.ts';
import { type ClientFile, knownClients } from './clients.ts';
import { merged } from './merge.ts';

export interface InstallWords {
  client: string | undefined;
  yes: boolean;
  print: boolean;
}

/** `root`: of the workspace. Throws UserError. */
export async function install(root: string, { client, yes, print }: InstallWords): Promise<void> {
  const clients = knownClients({
    root,
    home: homedir(),
    inProject: { command: 'npx', args: ['upkeep', 'mcp'] },
    fromAnywhere: { command: process.execPath, args: [distFile('upkeep.cjs'), '-C', root, 'mcp'] },
  });
  const chosen = choose(clients, client);
  const changes = chosen.map((each) => ({ ...each, after: merged(each, print ? null : textOf(each.file)) }));
  for (const { title, file, after } of changes)
    process.stdout.write(
      after === null ? `${title}: ${file} has it already.\n\n` : `${title}: ${file}\n${indented(after)}\n\n`,
    );
  const open = changes.filter(({ after }) => after !== null);
  if (print || open.length === 0) return;
  if (!yes && !canAsk())
    throw new UserError(
      ExitCode.failed,
      'Nothing was written: there is nobody to ask.',
      'Run it in a terminal, or add --yes to write without asking.',
    );
  if (!yes && !(await ask('Write this? [y/N] '))) return void process.stdout.write('Nothing was written.\n');
  for (const { file, after } of open) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, after ?? '');
  }
  process.stdout.write(
    `Done. Start ${open.map(({ title }) => title).join(', ')} anew, or have it look again.\n`,
  );
}

/** By name; else those whose folder is there, and Claude Code, whose file stands in the workspace itself. */
function choose(clients: ClientFile[], name: string | undefined): ClientFile[] {
  if (name === 'all') return clients;
  if (name === undefined)
    return clients.filter(({ file, name: its }) => its === 'claude-code' || existsSync(dirname(file)));
  const found = clients.find((each) => each.name === name);
  if (found !== undefined) return [found];
  const names = clients.map((each) => each.name);
  const near = nearest(name, names);
  throw new UserError(
    ExitCode.usage,
    `No client is called "${name}".`,
    near === null ? `Clients: ${names.join(', ')}, all.` : `Did you mean "${near}"?`,
  );
}

function textOf(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
