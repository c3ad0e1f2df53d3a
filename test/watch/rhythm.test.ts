import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expected, learn, type Rhythm } from '../../src/watch/rhythm.ts';

const series = (pace: number, at = 0) => learn(null, at, pace, at);

describe('what is remembered of a series', () => {
  it('is waited for one and a half times its widest pause, for some minutes', () => {
    expect(expected(series(200), 299_999)).toBe(300);
    expect(expected(series(200), 300_001)).toBe(0);
  });

  it('is nothing where a save would have to wait longer than 500 ms, or was one event in pieces', () => {
    expect(series(400)).toBe(null);
    expect(series(20)).toBe(null);
  });

  it('is dropped after two saves that came alone, however many services tell of each', () => {
    let rhythm = series(200);
    for (const save of [10_000, 20_000]) {
      expect(expected(rhythm, save)).toBe(300);
      for (let service = 0; service < 11; service++) rhythm = learn(rhythm, save + service, 0, save + 100);
    }
    expect(expected(rhythm, 30_000)).toBe(0);
  });

  it('is kept by the next series, whose first save looked like one alone', () => {
    let rhythm = learn(series(200), 10_000, 0, 10_100);
    rhythm = learn(rhythm, 10_300, 300, 12_000);
    expect(rhythm).toMatchObject({ pace: 300, lone: 0 });
  });

  it('never makes anybody wait longer than 500 ms', () => {
    const learned = fc.record({ first: fc.nat(1e6), pace: fc.integer({ min: 0, max: 1500 }) });
    fc.assert(
      fc.property(fc.array(learned), fc.nat(1e6), (list, now) => {
        let rhythm: Rhythm | null = null;
        for (const { first, pace } of list) rhythm = learn(rhythm, first, pace, first + 100);
        expect(expected(rhythm, now)).toBeLessThanOrEqual(500);
      }),
    );
  });
});
