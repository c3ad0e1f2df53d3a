import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Burst,
  canWait,
  dueAt,
  longestWait,
  prolong,
  quietNow,
  type Recent,
} from '../../src/watch/burst.ts';

/** Event times as gaps in ms, and the ends of all bursts that come of them under a virtual clock. */
function ends(gaps: number[], quiet: number): { events: number[]; ends: number[] } {
  const events: number[] = [];
  const found: number[] = [];
  let burst: Burst | null = null;
  let now = 0;
  for (const gap of gaps) {
    now += gap;
    if (burst && dueAt(burst, quiet) < now) {
      found.push(dueAt(burst, quiet));
      burst = null;
    }
    burst = prolong(burst, now);
    events.push(now);
  }
  if (burst) found.push(dueAt(burst, quiet));
  return { events, ends: found };
}

const quiets = fc.integer({ min: 1, max: 2000 });
const gaps = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 200 });

describe('a burst', () => {
  it('ends exactly one quiet period after its last event', () => {
    const burst = prolong(prolong(null, 1000), 1050);
    expect(dueAt(burst, 500)).toBe(1550);
  });

  it('ends only after quiet, or after its longest wait', () => {
    fc.assert(
      fc.property(gaps, quiets, (between, quiet) => {
        const { events, ends: found } = ends(between, quiet);
        let from = -1;
        for (const end of found) {
          const inside = events.filter((at) => at > from && at <= end);
          const first = inside[0] ?? Number.NaN;
          const last = inside.at(-1) ?? Number.NaN;
          expect(end === last + quiet || end === first + longestWait(quiet)).toBe(true);
          expect(end).toBeLessThanOrEqual(last + quiet);
          expect(end).toBeLessThanOrEqual(first + longestWait(quiet));
          from = end;
        }
      }),
    );
  });

  it('leaves no event out: after each one there is an end', () => {
    fc.assert(
      fc.property(gaps, quiets, (between, quiet) => {
        const { events, ends: found } = ends(between, quiet);
        expect(found.at(-1)).toBeGreaterThanOrEqual(events.at(-1) ?? 0);
        expect(found.length).toBeLessThanOrEqual(events.length);
      }),
    );
  });

  it('waits 10 quiet periods at most, but never less than 5 s', () => {
    expect(longestWait(100)).toBe(5000);
    expect(longestWait(800)).toBe(8000);
    const burst = prolong(null, 0);
    expect(canWait(burst, 100, 4999)).toBe(true);
    expect(canWait(burst, 100, 5000)).toBe(false);
  });

  it('is not shortened by an event that is told late', () => {
    expect(prolong({ first: 5, last: 20 }, 10)).toEqual({ first: 5, last: 20 });
  });
});

describe('the quiet period', () => {
  const calm: Recent = { restartedAt: 0, pace: 0, expected: 0, isBooting: false };
  const quiet = (recent: Partial<Recent>, asked: number | null = null) =>
    quietNow(asked, 10_000, { ...calm, ...recent });

  it('is short after a lone save, and longer when more is to be expected or it costs nothing', () => {
    expect(quiet({})).toBe(100);
    expect(quiet({ restartedAt: 9_000 })).toBe(500);
    expect(quiet({ isBooting: true })).toBe(500);
    expect(quiet({ expected: 450 })).toBe(450);
    expect(quiet({ pace: 200 })).toBe(300);
    expect(quiet({ pace: 600 })).toBe(900);
  });

  it('does not wait for a pace that is too slow for it', () => {
    expect(quiet({ pace: 700 })).toBe(100);
  });

  it('is what was asked for, whatever happens', () => {
    const most = { restartedAt: 9_999, pace: 300, expected: 450, isBooting: true };
    expect([0, 5, 3000].map((asked) => quiet(most, asked))).toEqual([0, 5, 3000]);
  });
});
