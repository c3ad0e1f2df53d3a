/** The append-only record of everything that happened, with its cause. */
import { appendFileSync, closeSync, openSync, readSync, renameSync, statSync, truncateSync } from 'node:fs';
import type { JournalEntry } from '../contract/journal.ts';
import { maskAll } from '../contract/mask.ts';
import { withReserve } from '../platform/reserve.ts';
import type { Note } from '../supervisor/events.ts';
import type { Clock } from './clock.ts';

/** One older file is kept beside the current one. */
const MAX_BYTES = 4 * 1024 * 1024;
/** So much of what an earlier daemon told is looked at. */
const TAIL_BYTES = 64 * 1024;
/** ms until what could not be written is tried again, and lines that wait for that at most. */
const RETRY_MS = 1_000;
const MOST_WAITING = 1_000;
/** What happens once to a run. */
const ONCE: readonly string[] = [
  'run-ready',
  'run-ended',
  'not-begun',
  'machine-down',
  'drained',
  'swapped',
  'edit-failed',
];

export interface Journal {
  /**
   * What cannot be written now is written as soon as it can be. `at`: epoch ms, when it happened earlier than now. What an earlier daemon told already, and died before it had
   * written down what followed, is not told again.
   */
  add(note: Note, at?: number): void;
}

/** `onProblem`: the journal cannot be written, and what happens is then only in memory; null: it can be again. */
export function openJournal(
  path: string,
  clock: Clock,
  onProblem: (message: string | null) => void,
): Journal {
  let size = sizeOf(path);
  /** What could not be written so far. */
  let waiting: string[] = [];
  let retry: NodeJS.Timeout | null = null;
  const tail = tailOf(path, size);
  const told = new Set(tail.split('\n').flatMap(keysIn));
  // A daemon that was killed while it wrote has left half a line: the next one begins its own.
  let glue = tail === '' || tail.endsWith('\n') ? '' : '\n';

  /** Somebody cut it or wrote to it: what is there may end in half a line. */
  const lookAgain = () => {
    const there = sizeOf(path);
    if (there === size) return;
    size = there;
    glue = there === 0 || tailOf(path, there).endsWith('\n') ? '' : '\n';
  };

  const write = () => {
    lookAgain();
    const text = glue + waiting.join('');
    try {
      if (size + text.length > MAX_BYTES) {
        renameSync(path, `${path}.1`);
        size = 0;
        glue = '';
      }
      withReserve(() => appendFileSync(path, text, { mode: 0o600 }));
      size += Buffer.byteLength(text);
      glue = '';
      waiting = [];
      if (retry === null) return;
      clearTimeout(retry);
      retry = null;
      onProblem(null);
    } catch (error) {
      cutTo(path, size);
      waiting = waiting.slice(-MOST_WAITING);
      if (retry !== null) clearTimeout(retry);
      retry = setTimeout(write, RETRY_MS).unref();
      onProblem(`the journal cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  return {
    add(note, at = clock.wall()) {
      if (note.kind === 'run-started') for (const kind of ONCE) told.delete(keyOf({ ...note, kind }) ?? '');
      else if (told.delete(keyOf(note) ?? '')) return;
      const entry: JournalEntry = maskAll({ at: Math.round(at), ...note });
      waiting.push(`${JSON.stringify(entry)}\n`);
      write();
    },
  };
}

/** On a disk that fills up a part of it may have been written. */
function cutTo(path: string, size: number): void {
  try {
    if (statSync(path).size > size) truncateSync(path, size);
  } catch {
    // It was removed: the next line begins it anew.
  }
}

function keyOf(note: { kind: string; service?: string; run?: number }): string | null {
  return ONCE.includes(note.kind) ? `${note.kind} ${note.run} ${note.service}` : null;
}

function keysIn(line: string): string[] {
  try {
    return [keyOf(JSON.parse(line) as Note) ?? []].flat();
  } catch {
    // Cut off, by the look at the end alone or by a kill.
    return [];
  }
}

function tailOf(path: string, size: number): string {
  try {
    const fd = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
      return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, size - bytes.length));
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
