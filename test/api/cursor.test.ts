import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCursor, writeCursor } from '../../src/api/cursor.ts';
import { UserError } from '../../src/contract/exit-codes.ts';

const position = fc.record({
  file: fc.tuple(fc.nat(), fc.nat()).map(([ino, born]) => `${ino.toString(36)}.${born.toString(36)}`),
  offset: fc.maxSafeNat(),
});

it('is read as it was written, whatever the services are called', () => {
  fc.assert(
    fc.property(
      fc.option(position),
      fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), position)),
      (journal, logs) => {
        const cursor = { journal, logs: new Map(logs) };
        expect(readCursor(writeCursor(cursor))).toEqual(cursor);
        expect(writeCursor(cursor)).toMatch(/^[\w-]*$/);
      },
    ),
  );
});

it('is refused in words when it is none', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        readCursor(text);
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
      }
    }),
  );
  expect(() => readCursor('')).toThrow(UserError);
  expect(() => readCursor(Buffer.from('1&a.b-zz!').toString('base64url'))).toThrow(UserError);
});
