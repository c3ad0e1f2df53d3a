/** What a command does before its first Node program: that is not stopped, and would be done while the old run serves. */
import type { Command } from '../../contract/config.ts';
import { languageOf } from '../../languages/index.ts';
import { commandPrograms, preScripts } from '../../platform/command-programs.ts';

/** The name of that program; null: the first is a Node program. */
export function doneAhead(command: Command, cwd: string): string | null {
  const [first] = [...preScripts(command, cwd), ...commandPrograms(command, cwd)];
  if (first === undefined || languageOf({ argv: [...first.words] }, first.cwd) === 'node') return null;
  return first.name;
}
