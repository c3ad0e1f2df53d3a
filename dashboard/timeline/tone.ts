/** What kind of news an entry is. Pure. */
import type { Happening } from '../data/history.ts';

export type Tone = 'good' | 'bad' | 'warn' | 'change' | 'plain';

/** `crashes`: ids, of `crashesOf`. */
export function toneOf({ id, entry }: Happening, crashes: ReadonlySet<string>): Tone {
  switch (entry.kind) {
    case 'run-ready':
    case 'swapped':
      return 'good';
    case 'parked':
    case 'edit-failed':
    case 'killed':
      return 'bad';
    case 'run-ended':
      return crashes.has(id) ? 'bad' : 'plain';
    case 'retry':
    case 'late':
      return 'warn';
    case 'run-started':
      return 'change';
    default:
      return 'plain';
  }
}
