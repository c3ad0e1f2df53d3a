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

/** Characters of a line that are shown: one of bundled code, or of JSON, may have a hundred thousand. */
const LONGEST = 500;

/**
 * At most `most` of them, in their order; the last ones where nothing looks like an error. Of a line over 500
 * characters the beginning, without its colours, before a "…".
 */
export function errorExcerpt(lines: readonly string[], most: number): string[] {
  return excerpt(lines, most).map(cut);
}

function cut(line: string): string {
  if (line.length <= LONGEST) return line;
  const plain = stripVTControlCharacters(line);
  // A letter of two code units is left away as a whole.
  return plain.length <= LONGEST ? line : `${plain.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')}…`;
}

function excerpt(lines: readonly string[], most: number): string[] {
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
