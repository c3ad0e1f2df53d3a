/** New entries of the journal, as they are written. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { parseEntries } from '../../api/journal.ts';
import type { JournalEntry } from '../../contract/journal.ts';

export interface JournalFollower {
  /** Tells what was added since the last look. */
  look(): void;
}

/** Begins at the end of what is there now. */
export function followJournal(path: string, onEntries: (entries: JournalEntry[]) => void): JournalFollower {
  const begin = statSync(path, { throwIfNoEntry: false });
  let ino = begin?.ino ?? null;
  let offset = begin?.size ?? 0;
  let rest = '';

  const readOn = (file: string) => {
    const added = readFrom(file, offset);
    offset += added.length;
    const text = rest + added.toString('utf8');
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    const entries = parseEntries(text.slice(0, end));
    if (entries.length > 0) onEntries(entries);
  };

  return {
    look() {
      const now = statSync(path, { throwIfNoEntry: false })?.ino ?? null;
      if (now !== ino) {
        // It was rotated: its end is in the older file.
        if (ino !== null && statSync(`${path}.1`, { throwIfNoEntry: false })?.ino === ino)
          readOn(`${path}.1`);
        [ino, offset, rest] = [now, 0, ''];
      }
      if (ino !== null) readOn(path);
    },
  };
}

/** Entries are short lines of ASCII where it matters; a cut inside a letter cannot be, they are written whole. */
function readFrom(path: string, offset: number): Buffer {
  try {
    const fd = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(Math.max(0, fstatSync(fd).size - offset));
      return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, offset));
    } finally {
      closeSync(fd);
    }
  } catch {
    return Buffer.alloc(0);
  }
}
