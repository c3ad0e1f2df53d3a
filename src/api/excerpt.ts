/**
 * Which of a run's last lines tell why it failed. Pure.
 *
 * Node prints, before it ends: the place (`/app/x.js:3`), the line of source with carets below it, an empty line,
 * the error, its stack, and its version. Python prints the stack first and the error last. The last few lines alone
 * would be the end of a stack.
 */
import { stripVTControlCharacters } from 'node:util';

/** `/app/x.js:3`, `file:///app/x.mjs:3`, and esbuild's (tsx, vite) `/app/x.ts:3:7: ERROR: …`. */
const PLACE = /^(?:file:\/\/)?\/\S.*:\d+(?::\d+: \S.*)?$/;
const NODE_ERROR = /^(?:Uncaught )?(?:[\w.]*Error|AssertionError|DOMException)\b.*$/;
const PYTHON_START = /^Traceback \(most recent call last\):$/;

/** Characters of a line: a bundle's source or an answer in one line fills screens, and says nothing by that. */
const LONGEST_LINE = 500;

/** At most `most` of them, in their order; the last ones where nothing looks like an error. Long lines are cut. */
export function errorExcerpt(lines: readonly string[], most: number): string[] {
  return telling(lines, most).map(shortened);
}

/** A colour whose end is cut away would go on: what is cut has none. */
function shortened(line: string): string {
  if (line.length <= LONGEST_LINE) return line;
  const text = stripVTControlCharacters(line);
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE)}…`;
}

function telling(lines: readonly string[], most: number): string[] {
  const plain = lines.map((line) => stripVTControlCharacters(line).trimEnd());
  const python = plain.findLastIndex((line) => PYTHON_START.test(line));
  if (python >= 0)
    return python + most >= lines.length
      ? lines.slice(python)
      : [...lines.slice(python, python + 1), ...lines.slice(1 - most)];
  const error = plain.findLastIndex((line) => NODE_ERROR.test(line));
  if (error < 0) return lines.slice(-most);
  const place = plain.slice(0, error).findLastIndex((line) => PLACE.test(line));
  const start = place >= 0 && error - place < most ? place : error;
  return lines.slice(start, start + most);
}
