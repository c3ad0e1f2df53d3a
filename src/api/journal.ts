/** Reading the journal, without the daemon. */
import { isSuccess } from '../contract/exit.ts';
import type { JournalEntry } from '../contract/journal.ts';
import { readText } from '../platform/files.ts';

/** Every entry that is kept, oldest first: of the older file and the current one. */
export function readJournal(path: string): JournalEntry[] {
  return [`${path}.1`, path].flatMap((file) => parseEntries(readText(file) ?? ''));
}

/** A line that is no entry (cut off by a full disk, or an unknown kind of a newer version's making) is left out. */
export function parseEntries(text: string): JournalEntry[] {
  return text.split('\n').flatMap((line) => parseEntry(line) ?? []);
}

/** Written by our own daemon; a schema would cost more to load than the whole command. */
function parseEntry(line: string): JournalEntry | null {
  if (line === '') return null;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('kind' in value) || !('at' in value)) return null;
    return typeof value.at === 'number' && typeof value.kind === 'string' ? (value as JournalEntry) : null;
  } catch {
    return null;
  }
}

/** The service that an entry is about; null when it is about the daemon. */
export function serviceOf(entry: JournalEntry): string | null {
  return 'service' in entry ? entry.service : null;
}

/** A run that ended by itself, and not with 0: whether that was meant, only what follows can tell. */
export function isFailure(entry: JournalEntry): boolean {
  return entry.kind === 'run-ended' && entry.cause === null && !isSuccess(entry.exit);
}
