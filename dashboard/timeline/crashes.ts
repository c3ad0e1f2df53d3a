/** Which ends of runs are crashes: not that of a run that was meant to end. Pure. */
import { isSuccess } from '../../src/contract/exit.ts';
import type { JournalEntry } from '../../src/contract/journal.ts';
import type { Happening } from '../data/history.ts';

/** Their ids. `history`: oldest first. A run that ended by itself with exit 0 has crashed if it was to go on. */
export function crashesOf(history: readonly Happening[]): ReadonlySet<string> {
  const crashes = new Set<string>();
  /** By service: an end with exit 0, until the journal tells what became of the service then. */
  const undecided = new Map<string, string>();
  for (const { id, entry } of history) {
    if (entry.kind === 'run-ended') {
      undecided.delete(entry.service);
      if (entry.cause !== null) continue;
      if (isSuccess(entry.exit)) undecided.set(entry.service, id);
      else crashes.add(id);
      continue;
    }
    const wasToGoOn = decided(entry);
    if (wasToGoOn === null || !('service' in entry)) continue;
    const ended = undecided.get(entry.service);
    if (wasToGoOn && ended !== undefined) crashes.add(ended);
    undecided.delete(entry.service);
  }
  return crashes;
}

/** Null: it tells nothing of that. */
function decided(entry: JournalEntry): boolean | null {
  switch (entry.kind) {
    case 'retry':
    case 'parked':
    case 'edit-failed':
      return true;
    case 'run-started':
      return entry.cause.kind === 'crash';
    default:
      return null;
  }
}
