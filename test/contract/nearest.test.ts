import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/contract/nearest.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['port', 'prot', 1],
    ['port', 'ports', 1],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
  ])('%j to %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is the same both ways, zero for equal words only, and never more than the longer word', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  it('counts one swap of neighbours as one', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 2 }), fc.nat(), (word, seed) => {
        const at = seed % (word.length - 1);
        const swapped = word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
        expect(editDistance(word, swapped)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('nearest', () => {
  it.each([
    ['prot', 'port'],
    ['commnad', 'command'],
    ['COMMAND', 'command'],
    ['desc', 'description'],
    ['zzz', null],
    ['x', null],
    ['', null],
  ])('%j means %j', (word, meant) => {
    expect(nearest(word, ['port', 'ports', 'command', 'description'])).toBe(meant);
  });

  it.each([
    ['c', 'c2'],
    ['d', 'db'],
    ['x', null],
    ['bd', 'db'],
    ['dx', null],
    ['A', 'a'],
  ])('%j of short names means %j', (word, meant) => {
    expect(nearest(word, ['a', 'c2', 'db'])).toBe(meant);
  });
});
