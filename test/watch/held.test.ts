import { describe, expect, it } from 'vitest';
import { createHeld } from '../../src/watch/held.ts';

/** A clock that is moved by hand. */
function handClock() {
  let now = 0;
  let timers: { at: number; act: () => void }[] = [];
  return {
    now: () => now,
    wall: () => now,
    after(ms: number, act: () => void) {
      const timer = { at: now + ms, act };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    get pending() {
      return timers.length;
    },
    to(time: number) {
      now = time;
      for (const timer of timers.filter(({ at }) => at <= now)) {
        timers = timers.filter((each) => each !== timer);
        timer.act();
      }
    },
  };
}

describe('what is put off', () => {
  it('is not awaited for longer than ten seconds, and who waits is told so', () => {
    const clock = handClock();
    let givenUp = 0;
    const held = createHeld(
      clock as never,
      () => {},
      () => {
        givenUp += 1;
      },
    );
    held.add('a', {} as never, 64_000);
    clock.to(9_000);
    held.add('b', {} as never, 64_000);
    expect([held.isAwaited, givenUp]).toEqual([true, 0]);
    clock.to(10_000);
    expect([held.isAwaited, givenUp]).toEqual([false, 1]);
    held.close();
    expect(clock.pending).toBe(0);
  });
});
