/** Errors among a service's lines, each with what belongs to it. */
import { expect, it } from 'vitest';
import { errorsOf } from '../../src/api/errors.ts';

function errors(text: string, last: number | null = null): string[] {
  const lines = text.split('\n').map((line) => ({ service: 'web', run: 1, time: 0, text: line }));
  return [...errorsOf(lines, last)].map((line) => line.text);
}

const NODE = `/app/web.js:3
    throw new Error('boom');
    ^

Error: boom
    at handler (/app/web.js:3:11)
    at node:internal/main:1:1 {
  code: 'EBOOM',
  [cause]: TypeError: below
      at inner (/app/x.js:1:1)
}

Node.js v20.1.0`;

it('keeps an error that ended Node whole: its place and source above, its stack below', () => {
  expect(errors(`listens\nGET /\n${NODE}\nlistens\nGET /`)).toEqual(NODE.split('\n'));
});

it('keeps a traceback up to its error, and one that follows from it', () => {
  const python = `Traceback (most recent call last):
  File "/app/x.py", line 3, in <module>
    main()
ValueError: boom

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/x.py", line 5, in <module>
KeyError: 'a'`;
  expect(errors(`start\n${python}\nGET /\n  indented`)).toEqual(python.split('\n'));
});

it('knows levels in JSON lines, logfmt and words, and not what only speaks of errors', () => {
  const text = [
    '{"level":30,"msg":"started"}',
    '{"level":50,"msg":"failed","err":{"stack":"Error: x"}}',
    'no error here',
    'level=error msg="refused"',
    '[warn] careful',
    'ERROR: disk is full',
    '  on /dev/sda1',
    '0 errors',
  ].join('\n');
  expect(errors(text)).toEqual([
    '{"level":50,"msg":"failed","err":{"stack":"Error: x"}}',
    'level=error msg="refused"',
    'ERROR: disk is full',
    '  on /dev/sda1',
  ]);
});

it('counts errors, not lines', () => {
  expect(errors('Error: one\n    at a (/a.js:1:1)\nok\nError: two\n    at b (/b.js:1:1)', 1)).toEqual([
    'Error: two',
    '    at b (/b.js:1:1)',
  ]);
});
