/** What a command does before its first Node program: that is not stopped, and would be done while the old run serves. */
import { join } from 'node:path';
import type { Command } from '../../contract/config.ts';
import { languageOf } from '../../languages/index.ts';
import { commandPrograms, type Program } from '../../platform/command-programs.ts';
import { readJson } from '../../platform/files.ts';

/** The name of that program; null: the first is a Node program. */
export function doneAhead(command: Command, cwd: string): string | null {
  const [first] = [...beforeScripts(command, cwd), ...commandPrograms(command, cwd)];
  if (first === undefined || languageOf({ argv: [...first.words] }, first.cwd) === 'node') return null;
  return first.name;
}

/** npm runs `predev` before `dev`. */
function beforeScripts(command: Command, cwd: string): Program[] {
  const words = 'argv' in command ? command.argv : command.shell.split(/\s+/);
  const { scripts } = (readJson(join(cwd, 'package.json')) ?? {}) as { scripts?: Record<string, unknown> };
  return words.flatMap((word) => {
    const text = scripts?.[word] === undefined ? undefined : scripts[`pre${word}`];
    return typeof text === 'string' ? commandPrograms({ shell: text }, cwd) : [];
  });
}
