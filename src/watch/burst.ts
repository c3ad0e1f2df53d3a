/**
 * When is a burst of changes over? Pure, all times in monotonic ms.
 *
 * A save is several events, a checkout thousands: files are empty or absent in the middle. So nothing is looked
 * at before `quiet` ms have passed without an event. Something that never stops writing must not put off a
 * restart for ever, so a burst is also over after its longest wait.
 */
export interface Burst {
  readonly first: number;
  readonly last: number;
}

/** How long to wait for more, ms: after a save by a person, and when restarts follow each other. */
export const CALM_QUIET = 100;
export const BUSY_QUIET = 500;
/** A change within this many ms of the last restart, or of the last change, is one of a series: an agent at work, a formatter. */
const SERIES = 1500;
/** Who saves at a steady pace is waited for this much longer than the widest pause so far, but never longer than so many ms. */
export const PATIENCE = 1.5;
const LONGEST_QUIET = 1000;

export interface Recent {
  /** The last restart, monotonic ms. */
  readonly restartedAt: number;
  /** As of `paceAfter`. */
  readonly pace: number;
  /** As of rhythm.ts, ms. */
  readonly expected: number;
  /** The run that was begun for it is not ready yet: meanwhile it costs nothing to wait. */
  readonly isBooting: boolean;
}

/** The widest pause between changes of a series, ms. `pause`: between the last two; a long one ends the series. */
export function paceAfter(pace: number, pause: number): number {
  return pause > SERIES ? 0 : Math.max(pace, pause);
}

/** `quiet` as it was asked for, or by what has happened. A pace so slow that waiting would not reach the next change is not waited for. */
export function quietNow(quiet: number | null, now: number, recent: Recent): number {
  if (quiet !== null) return quiet;
  const isBusy = recent.isBooting || now - recent.restartedAt < SERIES;
  const usual = Math.max(isBusy ? BUSY_QUIET : CALM_QUIET, recent.expected);
  const paced = Math.ceil(recent.pace * PATIENCE);
  return paced > LONGEST_QUIET ? usual : Math.max(usual, paced);
}

/** The least that a burst may last before it is cut short, in ms. */
const SHORTEST_LIMIT = 5000;

/** An event at `now`: begins a burst or prolongs it. */
export function prolong(burst: Burst | null, now: number): Burst {
  return burst ? { first: burst.first, last: Math.max(burst.last, now) } : { first: now, last: now };
}

/** The longest that a burst may last, in ms. */
export function longestWait(quiet: number): number {
  return Math.max(10 * quiet, SHORTEST_LIMIT);
}

/** When this burst is over, if no further event comes. */
export function dueAt(burst: Burst, quiet: number): number {
  return Math.min(burst.last + quiet, burst.first + longestWait(quiet));
}

/** Whether an event at `now` may still put the end of this burst off. */
export function canWait(burst: Burst, quiet: number, now: number): boolean {
  return now < burst.first + longestWait(quiet);
}
