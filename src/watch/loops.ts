/**
 * A service that writes a file which it is watched by would restart for ever. Pure; all times in epoch ms.
 *
 * Who wrote a file cannot be told from its event, but a loop has a shape: the same file changes soon after each
 * start. After three such restarts the file is muted for that service, until it has been left alone for a minute.
 */
export interface Strikes {
  readonly count: number;
  /** The start that the last strike was counted for: without a restart in between nothing is a loop. */
  readonly start: number;
  /** When the file last changed. */
  readonly last: number;
  /** More than these, and the file is muted. */
  readonly allowed: number;
}

export interface LoopRule {
  /** A change within this many ms of the start may be the service's own. */
  readonly window: number;
  /** Restarts by the same file that are carried out before it is muted. */
  readonly allowed: number;
}

/** For files that a glob matches: a service may well write those. */
export const MATCHED: LoopRule = { window: 5000, allowed: 3 };
/** For sources that it loaded: people and agents save those again and again, though hardly so soon so often. */
const SOURCE: LoopRule = { window: 1000, allowed: 5 };
const SOURCE_ENDING = /\.(?:[cm]?[jt]sx?|py|rb|go)$/;

export function ruleFor(loaded: string): LoopRule {
  return SOURCE_ENDING.test(loaded) ? SOURCE : MATCHED;
}

/** A file left alone for this long is trusted again, ms. */
export const CALM = 60_000;

/** The file changed at `at`; the service had started at `startedAt`. */
export function strike(before: Strikes | null, at: number, startedAt: number, rule: LoopRule): Strikes {
  const trusted = before === null || isCalm(before, at);
  const { window, allowed } = rule;
  const own = at - startedAt <= window;
  const earlier = trusted ? 0 : before.count;
  // A muted file stays muted: without restarts its changes no longer come close to a start.
  if (earlier > allowed) return { count: earlier, start: startedAt, last: at, allowed };
  const again = before?.start !== startedAt || trusted;
  return { count: own ? earlier + (again ? 1 : 0) : 0, start: startedAt, last: at, allowed };
}

export function isMuted(strikes: Strikes): boolean {
  return strikes.count > strikes.allowed;
}

export function isCalm(strikes: Strikes, now: number): boolean {
  return now - strikes.last >= CALM;
}
