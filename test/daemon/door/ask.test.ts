import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answerWith, DECLINED, parseAsk, whoWaits } from '../../../src/daemon/door/ask.ts';

it.each([
  [
    '1 42 table 80 y /home/ada/my shop',
    { answer: 'answer-42', wish: { cwd: '/home/ada/my shop', look: { width: 80, colours: true } } },
  ],
  ['1 42 table - n /', { answer: 'answer-42', wish: { cwd: '/', look: { width: null, colours: false } } }],
  ['1 42 json - n /w', { answer: 'answer-42', wish: { cwd: '/w', look: null } }],
])('understands: %s', (line, ask) => {
  expect(parseAsk(line)).toEqual(ask);
});

it.each([
  '1 42 table 80 y relative',
  '1 42 table wide y /w',
  '1 42 chart 80 y /w',
  '1 42 table 80 maybe /w',
  '1 42 ',
])('declines, where an answer is waited for: %s', (line) => {
  expect(parseAsk(line)).toEqual({ answer: 'answer-42', wish: null });
});

it.each([
  '',
  '2 42 table 80 y /w',
  '1 ../../x table 80 y /w',
  '1 -1 table 80 y /w',
  '1 12345678901 table 80 y /w',
])('has nobody to answer: %s', (line) => {
  expect(parseAsk(line)).toBeNull();
});

it('names no place but its own, whatever a line holds', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string().map((rest) => `1 7${rest}`),
      ),
      (line) => {
        const ask = parseAsk(line);
        expect(ask === null || whoWaits(ask.answer) !== null).toBe(true);
      },
    ),
  );
});

it('an answer is read back as it was, whatever is in it', () => {
  const text = fc.array(fc.constantFrom('|', 'end', 'no', '', ' ', 'é', '\r')).map((each) => each.join('\n'));
  fc.assert(
    fc.property(text, (text) => {
      const lines = answerWith(`${text}\n`).split('\n');
      expect(lines.splice(-2)).toEqual(['end', '']);
      expect(lines.map((line) => line[0]).every((mark) => mark === '|')).toBe(true);
      expect(lines.map((line) => line.slice(1)).join('\n')).toBe(text);
    }),
  );
});

it('what a shell would read slowly, or cannot hold, is left to Node', () => {
  expect(answerWith(`${'x'.repeat(40_000)}\n`)).toBe(DECLINED);
  expect(answerWith('a\0b\n')).toBe(DECLINED);
});
