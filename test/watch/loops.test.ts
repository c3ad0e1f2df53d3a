import { describe, expect, it } from 'vitest';
import {
  holdOf,
  isCleared,
  isForgotten,
  MATCHED,
  ruleFor,
  type Strikes,
  strike,
} from '../../src/watch/loops.ts';

const SOURCE = ruleFor('/app/engine/scoring.ts');
/** ms from one start to the next, each of them later. */
const NEVER_CALM = 50_000;

/** How long a change so many ms after each of the starts is put off. */
function held(delays: number[], rule = MATCHED): number[] {
  let strikes: Strikes | null = null;
  return delays.map((delay, start) => {
    strikes = strike(strikes, start * NEVER_CALM + delay, start * NEVER_CALM, rule);
    return holdOf(strikes);
  });
}

describe('a file that changes after each start', () => {
  it('restarts its service three times, then later and later', () => {
    expect(held(Array(9).fill(100))).toEqual([0, 0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000]);
    expect(held(Array(40).fill(100)).at(-1)).toBe(3_600_000);
  });

  it('is a source that was loaded: more often, and only when it changes at once', () => {
    expect(held(Array(8).fill(100), SOURCE)).toEqual([0, 0, 0, 0, 0, 1000, 2000, 4000]);
    expect(held(Array(9).fill(1500), SOURCE)).toEqual(Array(9).fill(0));
    expect(ruleFor('/app/data.json')).toBe(MATCHED);
  });

  it('is never held when it takes its time', () => {
    expect(held(Array(9).fill(6000))).toEqual(Array(9).fill(0));
  });

  it('begins anew after one change that was not close to a start', () => {
    expect(held([100, 100, 100, 6000, 100, 100, 100, 100])).toEqual([0, 0, 0, 0, 0, 0, 0, 1000]);
  });

  it('is held for 16 s at most when the run has been up for a while, however often it was its own before', () => {
    let strikes: Strikes | null = null;
    for (let start = 0; start < 20; start++)
      strikes = strike(strikes, start * 1000 + 100, start * 1000, MATCHED);
    expect(holdOf(strike(strikes, 30_000, 19_000, MATCHED))).toBe(16_000);
  });

  it('is its own when it began soon after the start, and went on', () => {
    expect(strike(null, 60_000, 0, MATCHED, 100).isOwn).toBe(true);
    expect(strike(null, 60_000, 50_000, MATCHED, 100).isOwn).toBe(false);
  });

  it('is no loop without a restart in between', () => {
    let strikes: Strikes | null = null;
    for (let at = 100; at < 5000; at += 100) strikes = strike(strikes, at, 0, MATCHED);
    expect(strikes?.count).toBe(1);
  });

  it('stays held while it goes on changing, close to the start or not', () => {
    let strikes: Strikes = { count: 4, start: 0, last: 0, isOwn: true, late: null, rule: MATCHED };
    for (let at = 500; at < 50_000; at += 500) {
      strikes = strike(strikes, at, 0, MATCHED);
      expect(holdOf(strikes)).toBe(1000);
    }
  });

  it('is trusted again after a minute more than it was held, or by a run that does not write it', () => {
    const suspect: Strikes = { count: 4, start: 0, last: 1000, isOwn: true, late: null, rule: MATCHED };
    expect(isForgotten(suspect, 61_999)).toBe(false);
    expect(isForgotten(suspect, 62_000)).toBe(true);
    // The run that started at 500 has written it, the one that started at 2000 has not.
    expect(isCleared(suspect, 500, 100_000)).toBe(false);
    expect(isCleared(suspect, 2000, 100_000)).toBe(true);
    expect(isCleared(suspect, 2000, 6_000)).toBe(false);
  });
});
