/** What `--help` prints, of `upkeep` itself or of one command. */
import { stripVTControlCharacters } from 'node:util';
import { type CommandDef, defineCommand, renderUsage } from 'citty';
import { COMMANDS } from './commands.ts';
import { EXITS } from './exits.ts';
import { isTerminal, printNow } from './output.ts';

/** `of`: null for `upkeep` itself. */
export async function printHelp(of: { name: string; command: CommandDef } | null): Promise<void> {
  const parent = defineCommand({
    meta: {
      name: 'upkeep',
      version: __UPKEEP_VERSION__,
      description: 'keeps your development servers running',
    },
    subCommands: Object.fromEntries(
      Object.entries(COMMANDS).map(([key, description]) => [key, { meta: { name: key, description } }]),
    ),
  });
  if (of !== null) {
    print(forReader(await renderUsage(of.command, parent)));
    return print(`Exit codes: ${EXITS[of.name]}.`);
  }
  print(forReader(await renderUsage(parent)));
  print('Every command has --help. -C FOLDER before the command names another workspace.');
  print('Exit codes: 0 done, 1 it failed for a service, 2 wrong usage, 3 broken configuration, 4 no daemon.');
}

/** The usage comes coloured, whoever reads it. */
function forReader(usage: string): string {
  return isTerminal() ? usage : stripVTControlCharacters(usage);
}

function print(text: string): void {
  printNow(`${text}\n`);
}
