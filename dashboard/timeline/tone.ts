/** What kind of news an entry is. Pure. */
import type { JournalEntry } from '../../src/contract/journal.ts';

export type Tone = 'good' | 'bad' | 'warn' | 'change' | 'plain';

export function toneOf(entry: JournalEntry): Tone {
  switch (entry.kind) {
    case 'run-ready':
    case 'swapped':
      return 'good';
    case 'parked':
    case 'edit-failed':
    case 'killed':
      return 'bad';
    case 'run-ended':
      return entry.cause === null ? 'bad' : 'plain';
    case 'retry':
    case 'late':
      return 'warn';
    case 'run-started':
      return 'change';
    default:
      return 'plain';
  }
}
