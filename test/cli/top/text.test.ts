import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clean,
  finder,
  fitted,
  highlighted,
  soughtPattern,
  truncated,
  width,
  wrap,
  wrapWords,
} from '../../../src/cli/top/text.ts';

const ESC = '\u001b';

describe('what services print', () => {
  it('keeps its colours', () => {
    expect(clean(`${ESC}[31mred${ESC}[0m`, true)).toBe(`${ESC}[31mred${ESC}[0m`);
    expect(clean(`${ESC}[38;2;1;2;3mx${ESC}[m`, true)).toBe(`${ESC}[38;2;1;2;3mx${ESC}[m`);
    expect(clean(`${ESC}[31mred${ESC}[0m`, false)).toBe('red');
  });

  it.each([
    ['a title', `a${ESC}]0;evil\u0007b`],
    ['a link', `${ESC}]8;;http://evil${ESC}\\ab${ESC}]8;;${ESC}\\`],
    ['the clipboard', `a${ESC}]52;c;AAAA\u009cb`],
    ['a cursor movement', `a${ESC}[2J${ESC}[10;10Hb`],
    ['the alternate screen', `a${ESC}[?1049hb`],
    ['8-bit sequences', 'a\u009b2Jb'],
    ['a device string', `a${ESC}P$q"p${ESC}\\b`],
    ['a reset', `a${ESC}cb`],
    ['character sets', `a${ESC}(0b`],
    ['a bell and a backspace', 'a\u0007\bb'],
    ['text that runs backwards', 'a\u202eb'],
    ['an escape without an end', `ab${ESC}`],
    ['a private colour', `a${ESC}[>4;2mb`],
  ])('loses %s', (_, text) => {
    for (const colour of [true, false]) expect(clean(text, colour)).toBe('ab');
  });

  it('loses what was written over, and expands tabs', () => {
    expect(clean('10 %\r50 %\r100 %\r', true)).toBe('100 %');
    expect(clean('ab\tc\t', true)).toBe('ab      c       ');
  });

  it('never holds more than text and colours, whatever it was', () => {
    const odd = fc.string({
      unit: fc.constantFrom(
        ESC,
        '[',
        ']',
        '?',
        '1',
        ';',
        'm',
        'H',
        '\u009b',
        '\u0007',
        'x',
        '\r',
        '\t',
        '日',
        'P',
        '\\',
      ),
    });
    fc.assert(
      fc.property(odd, (text) => {
        expect(clean(text, true).replaceAll(new RegExp(`${ESC}\\[[\\d;:]*m`, 'g'), '')).not.toMatch(
          /\p{Cc}/u,
        );
        expect(clean(text, false)).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe('rows', () => {
  it('are never wider than there is room, wide signs and colours or not, and lose nothing', () => {
    const word = fc.constantFrom(
      'a',
      'bc',
      ' ',
      '日本',
      'é',
      '👩‍👩‍👧',
      `${ESC}[31m`,
      `${ESC}[0m`,
      `${ESC}[1m`,
    );
    fc.assert(
      fc.property(fc.array(word), fc.integer({ min: 2, max: 12 }), (words, columns) => {
        const text = words.join('');
        const rows = wrap(text, columns, Number.POSITIVE_INFINITY, '…');
        for (const row of rows) expect(width(row)).toBeLessThanOrEqual(columns);
        expect(rows.map((row) => clean(row, false)).join('')).toBe(clean(text, false));
        expect(width(fitted(text, columns, '…'))).toBe(columns);
        expect(width(truncated(text, columns))).toBeLessThanOrEqual(columns);
        for (const row of wrap(text, columns, 2, '…')) expect(width(row)).toBeLessThanOrEqual(columns);
      }),
    );
  });

  it('each open and close the colours that run through them', () => {
    expect(wrap(`${ESC}[31mabcd`, 2, 9, '…')).toEqual([`${ESC}[31mab${ESC}[0m`, `${ESC}[31mcd${ESC}[0m`]);
  });

  it('end with a sign where a line is too long for them', () => {
    expect(wrap('abcdefgh', 3, 2, '…')).toEqual(['abc', 'de…']);
  });

  it('of prose end between words', () => {
    expect(wrapWords('14:02:11 run 5 ended with exit 1', 20, 3)).toEqual([
      '14:02:11 run 5 ended',
      '   with exit 1',
    ]);
    expect(wrapWords('x'.repeat(25), 10, 9).join('')).toBe('x'.repeat(25));
  });
});

describe('what is sought', () => {
  it('is literal; a capital makes case count', () => {
    expect(finder('a.b').test('axb')).toBe(false);
    expect(finder('boom').test('BOOM')).toBe(true);
    expect(finder('Boom').test('BOOM')).toBe(false);
    expect(soughtPattern('a(')).toBe('(?i)a\\(');
  });

  it('is marked, also where colours change within it', () => {
    expect(highlighted('a boom', finder('boom'))).toBe(`a ${ESC}[7mboom${ESC}[27m`);
    const marked = highlighted(`bo${ESC}[31mom${ESC}[0m x boom`, finder('boom'));
    expect(clean(marked, false)).toBe('boom x boom');
    expect(marked).toBe(
      `${ESC}[7mbo${ESC}[27m${ESC}[31m${ESC}[7m${ESC}[7mom${ESC}[27m${ESC}[0m x ${ESC}[7mboom${ESC}[27m`,
    );
  });
});
