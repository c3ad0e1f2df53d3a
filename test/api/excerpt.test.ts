import { expect, it } from 'vitest';
import { errorExcerpt } from '../../src/api/excerpt.ts';

const NODE = [
  '/app/engine/scoring.js:3',
  'export const x = ;',
  '                 ^',
  '',
  "SyntaxError: Unexpected token ';'",
  '    at wrapSafe (node:internal/modules/cjs/loader:1472:18)',
  '    at Module._compile (node:internal/modules/cjs/loader:1494:20)',
  '    at Module._load (node:internal/modules/cjs/loader:1104:12)',
  '',
  'Node.js v20.20.2',
];

it('begins with the place and the line of source, and leaves the end of the stack away', () => {
  expect(errorExcerpt(['GET / 200', 'GET / 200', ...NODE], 6)).toEqual(NODE.slice(0, 6));
});

it('begins with the error where there is no place, or it is too far', () => {
  expect(errorExcerpt(['starting', ...NODE.slice(4)], 3)).toEqual(NODE.slice(4, 7));
  expect(errorExcerpt(NODE, 3)).toEqual(NODE.slice(4, 7));
});

it('is a whole traceback of Python, or its head and its end', () => {
  const python = ['Traceback (most recent call last):', '  File "a.py", line 1', '    x', 'NameError: x'];
  expect(errorExcerpt(['hello', ...python], 6)).toEqual(python);
  expect(errorExcerpt(['hello', ...python], 3)).toEqual([python[0], '    x', 'NameError: x']);
});

it('is the end of what was printed where nothing looks like an error', () => {
  expect(errorExcerpt(['a', 'b', 'c'], 2)).toEqual(['b', 'c']);
  expect(errorExcerpt([], 2)).toEqual([]);
});

it('sees through colours', () => {
  expect(errorExcerpt(['x', '\u001b[31mTypeError: no\u001b[39m', '    at y'], 2)).toEqual([
    '\u001b[31mTypeError: no\u001b[39m',
    '    at y',
  ]);
});

it('cuts a line that nobody could read to its beginning, without its colours', () => {
  const long = `TypeError: ${'x'.repeat(100_000)}`;
  expect(errorExcerpt(['before', `\u001b[31m${long}\u001b[39m`], 8)).toEqual([`${long.slice(0, 500)}…`]);
  expect(errorExcerpt([`${'x'.repeat(499)}😀${'y'.repeat(500)}`], 8)).toEqual([`${'x'.repeat(499)}…`]);
  const coloured = `\u001b[31m${'x'.repeat(495)}\u001b[39m`;
  expect(errorExcerpt([coloured], 8)).toEqual([coloured]);
});
