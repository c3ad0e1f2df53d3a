/**
 * Do saves come alone or in series? What is remembered of a workspace, so that the next series is waited for from
 * its first save on. Pure; all times in monotonic ms.
 */
import { BUSY_QUIET, CALM_QUIET, PATIENCE } from './burst.ts';

export interface Rhythm {
  /** The widest pause between saves of the last series, ms. */
  readonly pace: number;
  /** When something was last learned. */
  readonly at: number;
  /** Saves since then that came alone. */
  readonly lone: number;
  /** First change of the last one of them: services tell of the same save one by one. */
  readonly loneAt: number;
}

/** A slower pace would have each first save wait longer than `BUSY_QUIET`. */
const SLOWEST = BUSY_QUIET / PATIENCE;
/** So many saves that came alone, and it was another time. */
const LONE = 2;
const SAME_SAVE = 1500;
const MEMORY = 5 * 60_000;

/** A burst that restarted something is over: it began at `first`, and `pace` (see burst.ts) is that of its series. */
export function learn(before: Rhythm | null, first: number, pace: number, now: number): Rhythm | null {
  if (pace >= CALM_QUIET && pace <= SLOWEST) return { pace, at: now, lone: 0, loneAt: first };
  const isLone = pace < CALM_QUIET && before !== null && first - before.loneAt > SAME_SAVE;
  return isLone ? { ...before, lone: before.lone + 1, loneAt: first } : before;
}

/** How long to wait after a save for the next one, ms; 0: none is expected. */
export function expected(rhythm: Rhythm | null, now: number): number {
  if (rhythm === null || rhythm.lone >= LONE || now - rhythm.at > MEMORY) return 0;
  return Math.ceil(rhythm.pace * PATIENCE);
}
