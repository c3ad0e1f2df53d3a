/** What a process on standby has read already, as it was then: another program or folder by now, and it is of no use. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { commandPrograms } from '../../platform/command-programs.ts';
import { findProgram, type Launch } from '../../process/launch-script.ts';

/** Changes when its program, its Node, its folder or a package.json that names its script is replaced or written to. */
export function stampsOf({ command, cwd, env }: Launch, searchPath: string): string {
  const path = env['PATH'] ?? searchPath;
  const program = 'argv' in command ? (command.argv[0] ?? '') : 'sh';
  const programs = [...new Set([program, 'node'])].map((name) => findProgram(name, cwd, path));
  const folders = new Set([cwd, ...commandPrograms(command, cwd).map((each) => each.cwd)]);
  const packages = [...folders].flatMap((folder) => [join(folder, 'package.json'), join(folder, '.npmrc')]);
  return JSON.stringify([identityOf(cwd), ...[...programs, ...packages].map(stampOf)]);
}

function identityOf(folder: string): string | null {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev} ${found.ino}`;
}

function stampOf(path: string | null): string | null {
  const found = path === null ? undefined : statSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : [path, found.dev, found.ino, found.size, found.mtimeMs].join(' ');
}
