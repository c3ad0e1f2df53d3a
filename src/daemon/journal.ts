/** The append-only record of everything that happened, with its cause. */
import { appendFileSync, renameSync, statSync } from 'node:fs';
import type { JournalEntry } from '../contract/journal.ts';
import type { Note } from '../supervisor/events.ts';
import type { Clock } from './clock.ts';

/** One older file is kept beside the current one. */
const MAX_BYTES = 4 * 1024 * 1024;

export interface Journal {
  /** `at`: epoch ms, when it happened earlier than now. */
  add(note: Note, at?: number): void;
}

/** `onProblem`: the journal cannot be written, and what happens is then only in memory; null: it can be again. */
export function openJournal(
  path: string,
  clock: Clock,
  onProblem: (message: string | null) => void,
): Journal {
  let size = sizeOf(path);
  let failing = false;
  return {
    add(note, at = clock.wall()) {
      const entry: JournalEntry = { at: Math.round(at), ...note };
      const line = `${JSON.stringify(entry)}\n`;
      try {
        if (size + line.length > MAX_BYTES) {
          renameSync(path, `${path}.1`);
          size = 0;
        }
        appendFileSync(path, line, { mode: 0o600 });
        size += line.length;
        if (failing) onProblem(null);
        failing = false;
      } catch (error) {
        failing = true;
        onProblem(`the journal cannot be written: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
