/** One page of the journal. */

import type { JournalPage, JournalQuery } from '../contract/api/history.ts';
import type { Exit } from '../contract/facts.ts';
import type { JournalEntry } from '../contract/journal.ts';
import { type Position, placedLines } from '../logs/tail.ts';
import { readCursor, writeCursor, writePosition } from './cursor.ts';
import { happened } from './happened.ts';
import { parseEntries, serviceOf } from './journal.ts';
import { moment } from './log-request.ts';

/** `services`: null: all, and the daemon's own. Throws UserError (usage). */
export function journalPage(
  path: string,
  services: Set<string> | null,
  query: JournalQuery,
  now: number,
): JournalPage {
  const before = query.before === undefined ? null : readCursor(query.before).journal;
  const since = query.since === undefined ? 0 : moment(query.since, 'since', now);
  const limit = Number(query.limit ?? 500);
  const { lines, end } = placedLines(path, before, now);
  const told = tellEntries();
  const entries = lines
    .flatMap(({ at, bytes }) => parseEntries(bytes.toString()).map((entry) => ({ at, ...told(entry) })))
    .filter(({ entry }) => entry.at >= since && isOf(entry, services));
  const page = entries.slice(-limit);
  const first = page[0];
  return {
    entries: page.map(({ at, entry, text }) => ({ id: writePosition(at), entry, text })),
    older: first === undefined || page.length === entries.length ? null : cursorOf(first.at),
    newer: cursorOf(end),
  };
}

export function isOf(entry: JournalEntry, services: Set<string> | null): boolean {
  const service = serviceOf(entry);
  return services === null || (service !== null && services.has(service));
}

/** Entries in words, each knowing how the run before it ended. */
export function tellEntries(): (entry: JournalEntry) => { entry: JournalEntry; text: string | null } {
  const exits = new Map<string, Exit>();
  return (entry) => {
    if (entry.kind === 'run-ended') exits.set(entry.service, entry.exit);
    return { entry, text: happened(entry, exits.get(serviceOf(entry) ?? '') ?? null) };
  };
}

function cursorOf(journal: Position): string {
  return writeCursor({ journal, logs: new Map() });
}
