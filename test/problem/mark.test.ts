/** By what the same error is known again. */
import { describe, expect, it } from 'vitest';
import { essence, markIn, mayBeOfError } from '../../src/problem/mark.ts';

const mark = (text: string) => markIn(text.split('\n'), '/app');

it('tells type, message, and the place in the project', () => {
  expect(
    mark('TypeError: boom\n    at run (/app/node_modules/x/i.js:1:1)\n    at go (/app/lib/go.js:3:7)'),
  ).toEqual({
    id: expect.stringMatching(/^[\da-f]{12}$/),
    type: 'TypeError',
    message: 'boom',
    file: 'lib/go.js',
    line: 3,
  });
  expect(mark('listens on 3000')).toBeUndefined();
});

describe('is the same', () => {
  const id = (message: string, line = 3) =>
    mark(`Error: ${message}\n    at go (/app/lib/go.js:${line}:7)`)?.id;

  it.each([
    ['numbers', 'connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED 127.0.0.1:5433'],
    ['addresses', 'fault at 0x7ffd', 'fault at 0x81aa'],
    ['hashes', 'no object 9f8e7d6c5b4a', 'no object 0a1b2c3d4e5f'],
    [
      'ids',
      'job 3f2504e0-4f89-41d3-9a0c-0305e82c3301 failed',
      'job 11111111-4f89-41d3-9a0c-0305e82c3301 failed',
    ],
    ['paths', "open '/tmp/a-1/x'", "open '/var/folders/zz/x'"],
  ])('whatever %s it has', (_, one, other) => {
    expect(id(one)).toBe(id(other));
  });

  it('wherever in its file it is by now; another message or file is another', () => {
    expect(id('boom', 3)).toBe(id('boom', 30));
    expect(id('boom')).not.toBe(id('bang'));
    expect(id('boom')).not.toBe(mark('Error: boom\n    at go (/app/lib/stop.js:3:7)')?.id);
    expect(id("no column 'name'")).not.toBe(id("no column 'price'"));
  });
});

it('words that are no numbers stay', () => {
  expect(essence('the facade decade is added: cafe 12')).toBe('the facade decade is added: cafe #');
});

it('is bounded, and quick with whatever a service prints', () => {
  const long = `Error: ${'x'.repeat(1e6)}`;
  expect(mark(long)?.message.length).toBe(200);
  const hostile = [
    'Error: a',
    ...Array.from({ length: 30 }, () => `    at ${'('.repeat(3e5)}/a${':1'.repeat(3e5)}`),
  ];
  expect(markIn(hostile, '/app')).toMatchObject({ message: 'a', file: null });
});

it('an end from outside tells of no error', () => {
  expect(mayBeOfError({ code: 1 })).toBe(true);
  expect(mayBeOfError({ signal: 'SIGABRT' })).toBe(true);
  expect(
    [{ code: 0 }, { signal: 'SIGKILL' }, { signal: 'SIGTERM' }, { unknown: true as const }].some(
      mayBeOfError,
    ),
  ).toBe(false);
});
