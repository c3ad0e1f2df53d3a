/**
 * A service that writes a file which it is watched by would restart for ever. Pure; all times in epoch ms.
 *
 * Who wrote a file cannot be told from its event, but a loop has a shape: the same file changes soon after each
 * start. So may somebody's saves, by chance; but who saves knows nothing of the starts. Hence what looks like a loop
 * is put to the test: the next restarts wait until the file has been left alone, longer each time. A person's change
 * comes late by that, and is never lost. A file that still changes soon after each of those starts, and never in
 * between, is written by the service.
 *
 *   taken ──(allowed)──► held 1 s ──► 2 s ──► 4 s ──► 8 s ──► left alone right after a start, else held 16 s
 *     ▲                    │
 *     └────────────────────┘ a change that is not close to a start, while nothing is held
 */
export interface Strikes {
  readonly count: number;
  /** The start that the last strike was counted for: without a restart in between nothing is a loop. */
  readonly start: number;
  /** When the file last changed. */
  readonly last: number;
  readonly rule: LoopRule;
}

export interface LoopRule {
  /** A change within this many ms of the start may be the service's own. */
  readonly window: number;
  /** Restarts by the same file that are carried out before it is suspected. */
  readonly allowed: number;
  /** So many restarts are put off then: the last one for so long that no steady pace of saves fits all of them. */
  readonly tries: number;
}

/** For files that a glob matches: a service may well write those. */
export const MATCHED: LoopRule = { window: 5000, allowed: 3, tries: 4 };
/** For sources that it loaded: people and agents save those again and again, though hardly so soon so often. */
const SOURCE: LoopRule = { window: 1000, allowed: 5, tries: 3 };
const SOURCE_ENDING = /\.(?:[cm]?[jt]sx?|py|rb|go)$/;

export function ruleFor(loaded: string): LoopRule {
  return SOURCE_ENDING.test(loaded) ? SOURCE : MATCHED;
}

/** How long a suspected file has to be left alone before it restarts the service, ms: for the first time; then twice that, each time. */
const FIRST_HOLD = 1000;
/** A file left alone for this long is trusted again, ms, unless that is certain. */
const CALM = 60_000;

/** The file changed at `at`; the service had started at `startedAt`. */
export function strike(before: Strikes | null, at: number, startedAt: number, rule: LoopRule): Strikes {
  const known = before !== null && !isForgotten(before, at) ? before : null;
  const isOwn = at - startedAt <= rule.window;
  return { count: countAfter(known, isOwn, startedAt), start: startedAt, last: at, rule };
}

function countAfter(before: Strikes | null, isOwn: boolean, startedAt: number): number {
  if (before === null) return isOwn ? 1 : 0;
  if (before.start === startedAt) return isOwn || isSuspect(before) ? before.count : 0;
  if (!isOwn) return 0;
  return isCertain(before) ? before.count : before.count + 1;
}

export function isSuspect({ count, rule }: Strikes): boolean {
  return count > rule.allowed;
}

function isCertain({ count, rule }: Strikes): boolean {
  return count > rule.allowed + rule.tries;
}

/** The change is the service's own as surely as can be told. */
export function isLeftAlone(strikes: Strikes): boolean {
  return isCertain(strikes) && strikes.last - strikes.start <= strikes.rule.window;
}

/** The change may restart the service once the file has been left alone until then. */
export function heldUntil(strikes: Strikes): number {
  if (!isSuspect(strikes)) return strikes.last;
  return strikes.last + FIRST_HOLD * 2 ** (strikes.count - strikes.rule.allowed - 1);
}

export function isForgotten(strikes: Strikes, now: number): boolean {
  return !isCertain(strikes) && now - strikes.last >= CALM;
}

/** Another start, at `now`: the run before it, of `start`, has lived long enough and did not write the file. */
export function isCleared({ last, rule }: Strikes, start: number, now: number): boolean {
  return last < start && now - start > rule.window;
}
