import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framesOf, piecesOf } from '../../../dashboard/logs/pieces.ts';
import { allWritten, bare } from '../../../dashboard/logs/sequences.ts';

describe('frames', () => {
  it.each([
    ['    at pay (/home/ada/shop/pay.js:12:7)', { file: '/home/ada/shop/pay.js', line: 12, column: 7 }],
    ['file:///home/ada/shop/pay.mjs:3', { file: '/home/ada/shop/pay.mjs', line: 3, column: null }],
    ['servers/web.ts:8:1 - error TS2304', { file: 'servers/web.ts', line: 8, column: 1 }],
    [
      '  File "/home/ada/shop/pay.py", line 40, in pay',
      { file: '/home/ada/shop/pay.py', line: 40, column: null },
    ],
    ['\t/home/ada/shop/main.go:20 +0x1d', { file: '/home/ada/shop/main.go', line: 20, column: null }],
  ])('%s', (text, frame) => expect(framesOf(text).map((each) => each.frame)).toEqual([frame]));

  it.each(['listens on localhost:3000', 'at 12:30:04 it ended', 'node:internal/modules/run_main.js:3:1'])(
    'none in "%s"',
    (text) => expect(framesOf(text)).toEqual([]),
  );

  /** From every character: what a path may be, said in the simplest way. */
  const SIMPLE = /(?:file:\/\/)?([\w.@/+-]*[\w-]\.(?:js|py)):(\d+)/g;

  it('are those that a search from every character finds', () => {
    const parts = ['a', 'bc', '/', '.', '..', '@', '-', 'file://', ':', '.js', '.js:3 ', '.py:12 ', ' ', '('];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 20 }), (chosen) => {
        const text = chosen.join('');
        const found = [...text.matchAll(SIMPLE)].map(({ 0: all, 1: file, index }) => [
          index,
          all.length,
          file,
        ]);
        expect(framesOf(text).map(({ from, to, frame }) => [from, to - from, frame.file])).toEqual(found);
      }),
      { numRuns: 2000 },
    );
  });

  // Twice the length took four times as long: a quarter of an hour for this one.
  it('are found in a line of a million characters without a space', () => {
    const long = 'x'.repeat(1_000_000);
    expect(framesOf(`${long} at a.js:3`).map(({ frame }) => frame.file)).toEqual(['a.js']);
    expect(framesOf(`${long}.js:3`)).toHaveLength(1);
  }, 2_000);
});

describe('pieces', () => {
  const shown = (text: string, pattern: RegExp | null = null) =>
    piecesOf(text, pattern).map((each) => [each.text, each.look || each.colour, each.match]);

  it('have the colours of ANSI sequences', () =>
    expect(shown('\u001b[1;31mno\u001b[0m way\u001b[48;2;1;2;3;38;2;200;200;200m!')).toEqual([
      ['no', 'ansi-fg-red ansi-bold', false],
      [' way', null, false],
      ['!', 'rgb(200 200 200)', false],
    ]));

  it('show a match that goes over a change of colour', () =>
    expect(shown('a\u001b[32mbc\u001b[0md', /bcd/g)).toEqual([
      ['a', null, false],
      ['bc', 'ansi-fg-green', true],
      ['d', null, true],
    ]));

  it('leave out what moves the cursor', () =>
    expect(shown('\u001b[2K\u001b[1Gdone\r')).toEqual([['done', null, false]]));

  it.each([
    ['a progress', '  progress 10%\r  progress 20%\r  progress 100%', '  progress 100%'],
    ['what ends in carriage returns', 'a\rb\r\r', 'b'],
    ['nothing but carriage returns', '\r\r', ''],
    ['each row of several', 'a\rb\r\nc\rd', 'b\nd'],
  ])('show what was written last: %s', (_, text, left) =>
    expect(piecesOf(text, null).map((piece) => piece.text)).toEqual([left]),
  );

  it('keep the colour in force when a row is written over', () =>
    expect(shown('\u001b[32m10%\r\u001b[K100%')).toEqual([['100%', 'ansi-fg-green', false]]));

  it('all that was written stands in rows', () =>
    expect(allWritten('10%\r20%\r\r\nnext\r')).toBe('10%\n20%\r\r\nnext\r'));

  it.each([
    [
      'a link that ends in ST',
      '\u001b[32m\u001b]8;;https://example.com\u001b\\docs\u001b]8;;\u001b\\ here\u001b[0m',
      'docs here',
    ],
    ['a link that ends in BEL', '\u001b[32m\u001b]8;;https://example.com\u0007docs\u001b]8;;\u0007', 'docs'],
    ['the title of a window', '\u001b]0;vite build\u001b\\\u001b[32mbuilt', 'built'],
    ['a title that is cut off', '\u001b[32mbuilt\u001b]0;vite bui', 'built'],
    ['a character set', '\u001b(B\u001b[32mok\u001b(B', 'ok'],
    ['what a terminal is told to do', '\u001b7\u001b=\u001b[?25l\u001b[>4;2m\u001b[32mok\u001b8', 'ok'],
    ['a string for the terminal', '\u001bP+q544e\u001b\\\u001b[32mok', 'ok'],
  ])('leave out %s, and keep the colours', (_, text, left) => {
    expect(shown(text)).toEqual([[left, 'ansi-fg-green', false]]);
    expect(bare(text)).toBe(left);
  });

  it('a sequence that is cut off takes nothing of the line', () =>
    expect(shown('\u001b[ 100 %\u001b')).toEqual([[' 100 %', null, false]]));

  it('of a hundred thousand matches are right, and made in one pass', () => {
    const pieces = piecesOf('ab'.repeat(100_000), /a/g);
    expect(pieces).toHaveLength(200_000);
    expect(pieces.every(({ text, match }) => match === (text === 'a'))).toBe(true);
  }, 2_000);

  it('of a row that was written over a hundred thousand times are found in one pass', () => {
    expect(piecesOf(`${'50%\r'.repeat(100_000)}done`, null).map(({ text }) => text)).toEqual(['done']);
    expect(piecesOf(`${'\r'.repeat(1_000_000)}done\r`, null).map(({ text }) => text)).toEqual(['done']);
  }, 2_000);
});
