import { describe, expect, it } from 'vitest';
import {
  heldUntil,
  isCleared,
  isForgotten,
  isLeftAlone,
  MATCHED,
  ruleFor,
  type Strikes,
  strike,
} from '../../src/watch/loops.ts';

const SOURCE = ruleFor('/app/engine/scoring.ts');

/** What becomes of a change so long after each of the starts: ms that it is put off, or null when it is left alone. */
function held(delays: number[], every = 20_000, rule = MATCHED): (number | null)[] {
  let strikes: Strikes | null = null;
  return delays.map((delay, start) => {
    strikes = strike(strikes, start * every + delay, start * every, rule);
    return isLeftAlone(strikes) ? null : heldUntil(strikes) - strikes.last;
  });
}

describe('a file that changes after each start', () => {
  it('restarts its service three times, then later and later, then no more', () => {
    expect(held(Array(9).fill(100))).toEqual([0, 0, 0, 1000, 2000, 4000, 8000, null, null]);
  });

  it('is a source that was loaded: more often, and only when it changes at once', () => {
    expect(held(Array(10).fill(100), 20_000, SOURCE)).toEqual([0, 0, 0, 0, 0, 1000, 2000, 4000, null, null]);
    expect(held(Array(9).fill(1500), 20_000, SOURCE)).toEqual(Array(9).fill(0));
    expect(ruleFor('/app/data.json')).toBe(MATCHED);
  });

  it('is never held when it takes its time', () => {
    expect(held(Array(9).fill(6000))).toEqual(Array(9).fill(0));
  });

  it('begins anew after one change that was not close to a start', () => {
    expect(held([100, 100, 100, 6000, 100, 100, 100, 100])).toEqual([0, 0, 0, 0, 0, 0, 0, 1000]);
    const certain = [...Array(8).fill(100), 6000, 100];
    expect(held(certain).slice(-3)).toEqual([null, 0, 0]);
  });

  it('is no loop without a restart in between', () => {
    let strikes: Strikes | null = null;
    for (let at = 100; at < 5000; at += 100) strikes = strike(strikes, at, 0, MATCHED);
    expect(strikes?.count).toBe(1);
  });

  it('stays held while it goes on changing, close to the start or not', () => {
    let strikes: Strikes = { count: 4, start: 0, last: 0, rule: MATCHED };
    for (let at = 500; at < 50_000; at += 500) {
      strikes = strike(strikes, at, 0, MATCHED);
      expect(heldUntil(strikes)).toBe(at + 1000);
    }
  });

  it('is trusted again after a minute of calm, or by a run that does not write it when that was certain', () => {
    const suspect: Strikes = { count: 4, start: 0, last: 1000, rule: MATCHED };
    expect(isForgotten(suspect, 60_999)).toBe(false);
    expect(isForgotten(suspect, 61_000)).toBe(true);
    const certain: Strikes = { ...suspect, count: 8 };
    expect(isForgotten(certain, 100_000)).toBe(false);
    // The run that started at 500 has written it, the one that started at 2000 has not.
    expect(isCleared(certain, 500, 100_000)).toBe(false);
    expect(isCleared(certain, 2000, 100_000)).toBe(true);
    expect(isCleared(certain, 2000, 6_000)).toBe(false);
  });
});

describe('somebody who saves at a steady pace', () => {
  it.each([MATCHED, SOURCE])('is never taken for the service, whatever the pace: %o', (rule) => {
    for (let pace = 10; pace < 20_000; pace += 10) {
      let strikes: Strikes | null = null;
      let start = 0;
      let due = Number.POSITIVE_INFINITY;
      for (let at = pace; at < 60 * pace; at += pace) {
        if (due <= at) start = due;
        strikes = strike(strikes, at, start, rule);
        expect(isLeftAlone(strikes)).toBe(false);
        due = Math.max(heldUntil(strikes), at + 100);
      }
    }
  });
});
