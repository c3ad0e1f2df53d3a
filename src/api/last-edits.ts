/** Which run the last edit of each service began, also one that never came to serve. */
import type { JournalEntry } from '../contract/journal.ts';
import { workspacePaths } from '../platform/paths.ts';
import { readJournal } from './journal.ts';

export function lastEdits(root: string): Map<string, number> {
  return editRuns(readJournal(workspacePaths(root).journal));
}

/** `journal`: oldest first. Pure. */
export function editRuns(journal: readonly JournalEntry[]): Map<string, number> {
  return new Map(
    journal.flatMap((entry) =>
      (entry.kind === 'run-started' || entry.kind === 'edit-failed') && entry.cause.kind === 'edit'
        ? [[entry.service, entry.run] as const]
        : [],
    ),
  );
}
