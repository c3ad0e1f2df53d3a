/**
 * A service that writes a file which it is watched by would restart for ever. Pure; all times in epoch ms.
 *
 * Who wrote a file cannot be told from its event, but a loop has a shape: the same file changes soon after each
 * start. So may somebody's saves, by chance. Hence nothing is ever left out: what looks like a loop restarts the
 * service only once the file has been left alone for a while, twice as long each time. A person's change comes late
 * by that, and is never lost; a loop is as good as ended after some rounds.
 *
 *   taken ──(allowed)──► held 1 s ──► 2 s ──► 4 s ──► … ──► 1 h
 *     ▲                    │
 *     └────────────────────┘ a run that did not change it soon after its start, or a while without changes
 */
export interface Strikes {
  readonly count: number;
  /** The start that the last strike was counted for: without a restart in between nothing is a loop. */
  readonly start: number;
  /** When the file last changed. */
  readonly last: number;
  /** That may have been the service, since it began to soon after its start. */
  readonly isOwn: boolean;
  /** Since when it has been changed as somebody would, by the run of this start; null: the last change was its own. */
  readonly late: number | null;
  readonly rule: LoopRule;
}

export interface LoopRule {
  /** A change within this many ms of the start may be the service's own. */
  readonly window: number;
  /** Restarts by the same file that are carried out before it is suspected. */
  readonly allowed: number;
  /** Whether a service may change it on and on, without end. */
  readonly isData: boolean;
}

/** For files that a glob matches: a service may well write those. */
export const MATCHED: LoopRule = { window: 5000, allowed: 3, isData: true };
/** For sources that it loaded: people and agents save those again and again, though hardly so soon so often. */
const SOURCE: LoopRule = { window: 1000, allowed: 5, isData: false };
const SOURCE_ENDING = /\.(?:[cm]?[jt]sx?|py|rb|go)$/;

/** For what a command names and people do not write by hand: a program that it builds first, which takes its time. */
const BUILT: LoopRule = { window: 10_000, allowed: 3, isData: true };
const SCRIPT_ENDING = /\.(?:sh|bash|zsh|fish|pl|php|lua|exs?|r|jl|tcl)$/i;

/** `named`: by a command. Null: people edit it, as often as they like. */
export function ruleForNamed(named: string): LoopRule | null {
  return SOURCE_ENDING.test(named) || SCRIPT_ENDING.test(named) ? null : BUILT;
}

export function ruleFor(loaded: string): LoopRule {
  return SOURCE_ENDING.test(loaded) ? SOURCE : MATCHED;
}

/** How long a suspected file has to be left alone before it restarts the service, ms: for the first time; then twice that, each time. */
const FIRST_HOLD = 1000;
const LONGEST_HOLD = 60 * 60_000;
/** The longest for a change that comes when the service has been up for a while: most likely somebody's. */
const LATE_HOLD = 16_000;
/** A file left alone for this much longer than it has to be is trusted again, ms. */
const CALM = 60_000;

/** The file changed at `at`, and has been changing since `from`; the service had started at `startedAt`. */
export function strike(
  before: Strikes | null,
  at: number,
  startedAt: number,
  rule: LoopRule,
  from = at,
): Strikes {
  const known = before !== null && !isForgotten(before, at) ? before : null;
  const isOwn = (from < startedAt ? at : from) - startedAt <= rule.window;
  const since = known?.start === startedAt ? known.late : null;
  const late = isOwn ? null : (since ?? at);
  return { count: countAfter(known, isOwn, startedAt), start: startedAt, last: at, isOwn, late, rule };
}

function countAfter(before: Strikes | null, isOwn: boolean, startedAt: number): number {
  if (before === null) return isOwn ? 1 : 0;
  if (before.start === startedAt) return isOwn || isSuspect(before) ? before.count : 0;
  return isOwn ? before.count + 1 : 0;
}

export function isSuspect({ count, rule }: Strikes): boolean {
  return count > rule.allowed;
}

/** How long the file has to be left alone before its change restarts the service, ms. */
export function holdOf(strikes: Strikes): number {
  if (!isSuspect(strikes)) return 0;
  const hold = FIRST_HOLD * 2 ** (strikes.count - strikes.rule.allowed - 1);
  return Math.min(hold, strikes.isOwn ? LONGEST_HOLD : LATE_HOLD);
}

/**
 * When its last change restarts the service, if it is left alone until then. Who goes on saving a source waits no longer
 * for that than who has saved it once.
 */
export function heldUntil(strikes: Strikes): number {
  const { last, late, rule } = strikes;
  const until = last + holdOf(strikes);
  return late === null || rule.isData ? until : Math.min(until, late + LATE_HOLD);
}

export function isForgotten(strikes: Strikes, now: number): boolean {
  return now - strikes.last >= CALM + holdOf(strikes);
}

/** Another start, at `now`: the run before it, of `start`, has lived long enough and did not write the file. */
export function isCleared({ last, rule }: Strikes, start: number, now: number): boolean {
  return last < start && now - start > rule.window;
}
