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
}

/** A change within this many ms of the start may be the service's own. */
export const OWN_WRITE_WINDOW = 5000;
/** Restarts by the same file that are carried out before it is muted. */
export const STRIKES_ALLOWED = 3;
/** A file left alone for this long is trusted again, ms. */
export const CALM = 60_000;

/** The file changed at `at`; the service had started at `startedAt`. */
export function strike(before: Strikes | null, at: number, startedAt: number): Strikes {
  const trusted = before === null || isCalm(before, at);
  const own = at - startedAt <= OWN_WRITE_WINDOW;
  const earlier = trusted ? 0 : before.count;
  // A muted file stays muted: without restarts its changes no longer come close to a start.
  if (earlier > STRIKES_ALLOWED) return { count: earlier, start: startedAt, last: at };
  const again = before?.start !== startedAt || trusted;
  return { count: own ? earlier + (again ? 1 : 0) : 0, start: startedAt, last: at };
}

export function isMuted(strikes: Strikes): boolean {
  return strikes.count > STRIKES_ALLOWED;
}

export function isCalm(strikes: Strikes, now: number): boolean {
  return now - strikes.last >= CALM;
}
