/** The command of a compose service: its entrypoint and its command, one behind the other, as docker starts them. */

import { plainWords } from '../../platform/shell-words.ts';
import { splitCommand } from '../command.ts';
import { hasVariables, withDefaults } from './compose-env.ts';
import { commandOf, type Fields, text } from './draft.ts';

/** null: what the image has by itself. An entrypoint alone is the whole command: docker leaves the image's out. */
export function composeCommand(
  name: string,
  { entrypoint, command }: Fields,
  notes: string[],
): string | string[] | null {
  const parts = [entrypoint, command].map(part).filter((one) => one !== null);
  if (parts.length === 0) return null;
  const line = parts.every((one) => typeof one === 'string') ? parts.join(' ') : null;
  // What stands in a text is filled in by the shell when the service starts.
  if (line !== null && hasVariables(line)) return line.replaceAll('$$', '$');
  const argv = parts.flatMap((one) => (typeof one === 'string' ? plainWords(one) : one));
  const words = argv.map((word) => {
    const plain = withDefaults(word);
    if (plain === null) notes.push(`${name}: no shell fills in the variables of its command (${word}).`);
    return plain ?? word;
  });
  const unescaped = line?.replaceAll('$$', '$') ?? '';
  return 'argv' in splitCommand(unescaped) ? unescaped : commandOf(words);
}

function part(value: unknown): string | string[] | null {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(String);
  return text(value)?.trim() ?? null;
}
