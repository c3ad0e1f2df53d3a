import { describe, expect, it } from 'vitest';
import { framesOf, piecesOf } from '../../../dashboard/logs/pieces.ts';

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
});

describe('pieces', () => {
  const shown = (text: string, pattern: RegExp | null = null) =>
    piecesOf(text, pattern).map((each) => [each.text, each.look || each.colour, each.match]);

  it('have the colours of ANSI sequences', () =>
    expect(shown('\u001b[1;31mno\u001b[0m way\u001b[38;2;1;2;3m!')).toEqual([
      ['no', 'ansi-fg-red ansi-bold', false],
      [' way', null, false],
      ['!', 'rgb(1 2 3)', false],
    ]));

  it('show a match that goes over a change of colour', () =>
    expect(shown('a\u001b[32mbc\u001b[0md', /bcd/g)).toEqual([
      ['a', null, false],
      ['bc', 'ansi-fg-green', true],
      ['d', null, true],
    ]));

  it('leave out what moves the cursor', () =>
    expect(shown('\u001b[2K\u001b[1Gdone\r')).toEqual([['done', null, false]]));
});
