/** A command as written becomes argv where that means the same, and shell text where it does not. */
import type { Command } from '../contract/config.ts';

/** Outside quotes any of these asks for a shell (POSIX.1-2017, XCU 2.2 Quoting). */
const SHELL = /[|&;<>()$`\\*?[\]{}#~%!\n]/;
/** Inside double quotes a shell still expands these. */
const IN_DOUBLE = /[$`\\]/;
/** Words that only a shell understands, or understands differently, when they come first. */
const BUILTIN = new Set(
  '. : [ alias break case cd command continue eval exec exit export fg bg for function if read readonly return set shift source test time times trap type ulimit umask unset until wait while'.split(
    ' ',
  ),
);

type SplitCommand = Command | { problem: string };

/**
 * `node "my server.js" --port=3000` becomes argv, so that no shell stands between Upkeep and the
 * process; anything with shell syntax stays text for `sh -c`.
 */
export function splitCommand(text: string): SplitCommand {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '"' || char === "'") {
      const end = text.indexOf(char, at + 1);
      const quoted = end === -1 ? text.slice(at + 1) : text.slice(at + 1, end);
      if (char === '"' && IN_DOUBLE.test(quoted)) return { shell: text.trim() };
      if (end === -1) return { problem: `has an unclosed ${char} quote` };
      word = (word ?? '') + quoted;
      at = end;
    } else if (char === ' ' || char === '\t') {
      if (word !== null) words.push(word);
      word = null;
    } else if (SHELL.test(char)) {
      return { shell: text.trim() };
    } else word = (word ?? '') + char;
  }
  if (word !== null) words.push(word);
  const [program] = words;
  if (program === undefined || program === '') return { problem: 'is empty' };
  // `PORT=3000 node x.js`: an assignment is the shell's; `--port=3000` further on is a plain word.
  if (program.includes('=') || BUILTIN.has(program)) return { shell: text.trim() };
  return { argv: words };
}
