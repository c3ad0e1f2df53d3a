/** The numbers of the restart rules, and their laws. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterExit, type History } from '../../src/supervisor/restart-policy.ts';

const ALWAYS = { policy: 'always', delay: null, maxFailures: 5, window: 60_000 } as const;
const FAILED = { code: 1 };
const NONE: History = { failures: [], attempt: 0 };

describe('after a run that was never ready', () => {
  it('waits 100 ms · 2ⁿ, at most 10 s', () => {
    const delays: number[] = [];
    let history = NONE;
    // So far apart that they never park it.
    for (let n = 0, now = 0; n < 10; n++, now += 60_000) {
      const verdict = afterExit(ALWAYS, FAILED, null, now, history);
      if (verdict.kind !== 'restart') throw new Error(verdict.kind);
      delays.push(verdict.delay);
      history = verdict.history;
    }
    expect(delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000]);
  });
});

describe('after a run that was ready', () => {
  const history: History = { failures: [], attempt: 3 };

  it.each([
    [0, 800, 4],
    [999, 800, 4],
    [1_000, 0, 3],
    [9_999, 0, 3],
    [10_000, 0, 0],
    [3_600_000, 0, 0],
  ])('for %d ms: again in %d ms, next exponent %d', (readyFor, delay, attempt) => {
    expect(afterExit(ALWAYS, FAILED, readyFor, 50_000, history)).toEqual({
      kind: 'restart',
      delay,
      history: { failures: [50_000], attempt },
    });
  });
});

describe('a fixed delay', () => {
  it.each([null, 20_000])('holds however long the run was ready (%s)', (readyFor) => {
    const verdict = afterExit({ ...ALWAYS, delay: 2_000 }, FAILED, readyFor, 0, { failures: [], attempt: 6 });
    expect(verdict).toMatchObject({ kind: 'restart', delay: 2_000 });
  });
});

describe('five failures in 60 s', () => {
  it('park it at the fifth', () => {
    const kinds: string[] = [];
    let history = NONE;
    for (const now of [0, 10_000, 20_000, 30_000, 59_999]) {
      const verdict = afterExit(ALWAYS, FAILED, 1_000, now, history);
      kinds.push(verdict.kind);
      if (verdict.kind !== 'rest') history = verdict.history;
    }
    expect(kinds).toEqual(['restart', 'restart', 'restart', 'restart', 'park']);
    expect(history.failures).toHaveLength(5);
  });

  it('do not when the first is 60 s old', () => {
    const history = { failures: [0, 10_000, 20_000, 30_000], attempt: 0 };
    expect(afterExit(ALWAYS, FAILED, null, 60_000, history).kind).toBe('restart');
  });

  it('count healthy runs too: a server that dies every 2 s is no server', () => {
    const history = { failures: [0, 2_000, 4_000, 6_000], attempt: 0 };
    expect(afterExit(ALWAYS, FAILED, 1_900, 8_000, history)).toMatchObject({ kind: 'park', count: 5 });
  });
});

describe('the law of parking', () => {
  it('is: as soon as maxFailures exits lie within the window, and not before', () => {
    const exits = fc.array(fc.record({ gap: fc.integer({ min: 0, max: 40_000 }), ready: readyTime() }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(
        exits,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 90_000 }),
        (list, max, window) => {
          const policy = { ...ALWAYS, maxFailures: max, window };
          const times: number[] = [];
          let now = 0;
          let history = NONE;
          for (const { gap, ready } of list) {
            now += gap;
            times.push(now);
            const inside = times.filter((time) => now - time < window).length;
            const verdict = afterExit(policy, FAILED, ready, now, history);
            expect(verdict.kind).toBe(inside >= max ? 'park' : 'restart');
            if (verdict.kind !== 'restart') return;
            expect(verdict.delay).toBeGreaterThanOrEqual(0);
            expect(verdict.delay).toBeLessThanOrEqual(10_000);
            history = verdict.history;
          }
        },
      ),
    );
  });
});

function readyTime() {
  return fc.option(fc.integer({ min: 0, max: 30_000 }));
}
