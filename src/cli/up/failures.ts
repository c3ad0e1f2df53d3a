/** Which services did not come up, and have not done so since: what the exit code tells. */
import type { JournalEntry } from '../../contract/journal.ts';
import type { Outcome } from '../../contract/protocol.ts';

export interface Failures {
  started(outcomes: Outcome[]): void;
  saw(entry: JournalEntry): void;
  readonly any: boolean;
}

export function trackFailures(): Failures {
  const failed = new Set<string>();
  return {
    started(outcomes) {
      for (const { service, ok } of outcomes) if (!ok) failed.add(service);
    },
    saw(entry) {
      if (entry.kind === 'run-ready') failed.delete(entry.service);
    },
    get any() {
      return failed.size > 0;
    },
  };
}

/** The last word on a start. */
export function startSummary(outcomes: Outcome[]): string {
  const failed = outcomes.filter(({ ok }) => !ok);
  const ready = outcomes.length - failed.length;
  const rest = failed.map(({ service, message }) => ` ${service}: ${message ?? 'failed'}.`).join('');
  return `${ready} of ${outcomes.length} ready.${rest} Ctrl-C stops ${outcomes.length === 1 ? 'it' : 'them'}.`;
}
