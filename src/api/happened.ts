/** What happened to a service, as half sentences: "ended with exit 1 after 3 m 29 s". */

import { duration } from '../contract/duration.ts';
import type { Exit } from '../contract/facts.ts';
import type { JournalEntry } from '../contract/journal.ts';
import { describeExit, describeReason, explainCause, explainHandoff, UNPARK } from '../contract/words.ts';

/** `lastExit`: how its last run ended, for the reason of a parked service. Null: nothing about one service. */
export function happened(entry: JournalEntry, lastExit: Exit | null): string | null {
  switch (entry.kind) {
    case 'run-started':
      return `started: ${explainCause(entry.cause)}`;
    case 'run-ready':
      return `ready in ${duration(entry.took)}`;
    case 'not-begun':
      return 'was never begun: the daemon ended before';
    case 'machine-down':
      return `ended when the machine went down${'unknown' in entry.exit ? '' : ` (${describeExit(entry.exit)})`}`;
    case 'run-ended':
      return entry.cause === null
        ? `ended with ${describeExit(entry.exit)} after ${duration(entry.lasted)}`
        : `stopped, had run for ${duration(entry.lasted)}: ${explainCause(entry.cause)}`;
    case 'retry':
      return entry.delay === 0 ? 'is started again at once' : `tries again in ${duration(entry.delay)}`;
    case 'parked':
      return `parked: ${describeReason(entry.reason, lastExit)}; ${UNPARK}`;
    case 'late':
      return lateWords(entry.after, entry.detail);
    case 'adopted':
      return 'goes on: the daemon came back and took it over';
    case 'drained':
      return entry.requests === null || entry.requests === 0
        ? null
        : `answered ${entry.requests} more request${entry.requests === 1 ? '' : 's'} before its end`;
    case 'killed':
      return 'did not end when it was asked to, and was killed';
    case 'swapped':
      return `took over from run ${entry.from}`;
    case 'edit-failed':
      return `failed to take over: ${entry.message}; the run before it goes on, the next edit or restart tries again`;
    case 'handed-off':
      return `cannot take over from a run that lives: ${explainHandoff(entry.why)}; that one is ended first`;
    case 'daemon-started':
    case 'daemon-stopped':
    case 'config':
      return null;
  }
}

/** The detail mostly says it all: "not ready after 30 s". */
function lateWords(after: number, detail: string): string {
  const late = `not ready after ${duration(after)}`;
  return detail === '' || detail.startsWith('not ready') ? detail || late : `${late}: ${detail}`;
}
