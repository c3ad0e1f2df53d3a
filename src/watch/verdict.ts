/**
 * Has a file changed since the run that uses it began? Pure; all times in epoch ms.
 *
 * Content decides, where the content of that time is known. Where it is not (the file changed before it could be
 * hashed), and where an event may tell of something that happened before the run began, the file's own stamps do.
 */
export interface Evidence {
  /** Content as the run found it; null: not hashed in time. */
  readonly known: string | null;
  readonly current: string;
  /** The newer of mtime and ctime; null: the file is absent, or its stamps lie in the future. */
  readonly stamp: number | null;
  /** When the run began. */
  readonly since: number;
  /** When the last event about the file arrived; null: there was none. */
  readonly eventAt: number | null;
}

/** Content of a file that does not exist. */
export const ABSENT = 'absent';

/**
 * An event may be read this much later than its change happened (ms). A folder that is renamed into place brings
 * files with old stamps, so beyond this lag an event counts as later than the start, whatever the stamps say.
 */
const EVENT_LAG = 50;

/**
 * - `same`: as the run found it.
 * - `before`: different from what we knew, but so already when the run began: the new baseline, nothing to tell.
 * - `changed`: after the run began.
 */
export function judge(evidence: Evidence): 'same' | 'before' | 'changed' {
  if (evidence.known === evidence.current) return 'same';
  if (stampedLater(evidence)) return 'changed';
  return evidence.known === null ? judgeUnknown(evidence) : judgeDifferent(evidence);
}

function stampedLater({ stamp, since }: Evidence): boolean {
  // Stamps carry fractions of a ms, `since` does not: within one ms the file counts as written before.
  return stamp !== null && Math.floor(stamp) > since;
}

function judgeUnknown({ current, since, eventAt }: Evidence): 'before' | 'changed' {
  const vanished = current === ABSENT && eventAt !== null && eventAt > since;
  return vanished ? 'changed' : 'before';
}

function judgeDifferent({ current, since, eventAt }: Evidence): 'before' | 'changed' {
  // A removed file has no stamps left: its event alone tells.
  const lag = current === ABSENT ? 0 : EVENT_LAG;
  return eventAt !== null && eventAt <= since + lag ? 'before' : 'changed';
}
