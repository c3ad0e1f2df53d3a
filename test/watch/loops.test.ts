import { describe, expect, it } from 'vitest';
import { CALM, isCalm, isMuted, MATCHED, ruleFor, type Strikes, strike } from '../../src/watch/loops.ts';

/** A file that changes this long after each of the starts, one start every 2 s; how often it is let through. */
function allowed(delays: number[], every = 2000, rule = MATCHED): boolean[] {
  let strikes: Strikes | null = null;
  return delays.map((delay, start) => {
    strikes = strike(strikes, start * every + delay, start * every, rule);
    return !isMuted(strikes);
  });
}

describe('a file that changes after each start', () => {
  it('restarts its service three times, then is muted', () => {
    expect(allowed([100, 100, 100, 100, 100])).toEqual([true, true, true, false, false]);
  });

  it('is a source that was loaded: more often, and only when it changes at once', () => {
    const rule = ruleFor('/app/engine/scoring.ts');
    expect(allowed(Array(7).fill(100), 2000, rule)).toEqual([true, true, true, true, true, false, false]);
    expect(allowed(Array(9).fill(1500), 2000, rule)).not.toContain(false);
    expect(ruleFor('/app/data.json')).toBe(MATCHED);
  });

  it('is never muted when it takes its time', () => {
    expect(allowed([6000, 6000, 6000, 6000, 6000], 10_000)).not.toContain(false);
  });

  it('begins anew after one change that was not close to a start', () => {
    expect(allowed([100, 100, 100, 6000, 100, 100, 100, 100], 10_000)).toEqual([
      ...Array.from({ length: 7 }, () => true),
      false,
    ]);
  });

  it('is no loop without a restart in between', () => {
    let strikes: Strikes | null = null;
    for (let at = 100; at < 5000; at += 100) strikes = strike(strikes, at, 0, MATCHED);
    expect(strikes?.count).toBe(1);
  });

  it('stays muted while it keeps changing, close to a start or not', () => {
    let strikes: Strikes = { count: 4, start: 0, last: 0, allowed: 3 };
    for (let at = 10_000; at < 500_000; at += 30_000) strikes = strike(strikes, at, 0, MATCHED);
    expect(isMuted(strikes)).toBe(true);
  });

  it('is trusted again after a minute of calm', () => {
    const muted: Strikes = { count: 4, start: 0, last: 1000, allowed: 3 };
    expect(isCalm(muted, 1000 + CALM - 1)).toBe(false);
    expect(isCalm(muted, 1000 + CALM)).toBe(true);
    expect(isMuted(strike(muted, 1000 + CALM, 0, MATCHED))).toBe(false);
  });
});
