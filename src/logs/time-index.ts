/**
 * When, and by which run, each stretch of one visible file was printed: 16 bytes at most each 50 ms,
 * so that every line has a time and the log itself stays exactly as printed.
 *
 * An entry: offset in the file (6 bytes), epoch ms (6 bytes), run (4 bytes), big endian. Offsets ascend.
 * A file is matched with its log by inode; entries at or beyond the log's size mean nothing.
 */
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';

export interface Stretch {
  /** First byte, relative to its file. */
  offset: number;
  /** Epoch ms at which it was seen. */
  time: number;
  run: number;
}

const ENTRY_BYTES = 16;
/** ms that one entry may stand for. */
const RESOLUTION = 50;

export interface TimeIndexWriter {
  /** Records where a stretch begins, unless the last entry is young enough and of the same run. */
  note(stretch: Stretch): void;
  /** Forgets what was recorded at or beyond this offset of the log. */
  dropFrom(offset: number): void;
  close(): void;
}

/** Opens the index, in a folder that is there, of a log that has `size` bytes. Throws what the file system throws. */
export function timeIndexWriter(path: string, size: number): TimeIndexWriter {
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  const entry = Buffer.alloc(ENTRY_BYTES);
  let count = Math.floor(fstatSync(fd).size / ENTRY_BYTES);
  let last: Stretch | null = null;

  const readLast = () => {
    last = null;
    if (count === 0) return;
    readSync(fd, entry, 0, ENTRY_BYTES, (count - 1) * ENTRY_BYTES);
    last = decode(entry, 0);
  };
  const dropFrom = (offset: number) => {
    if (last === null || last.offset < offset) return;
    count = readTimeIndex(path).countBelow(offset);
    ftruncateSync(fd, count * ENTRY_BYTES);
    readLast();
  };

  readLast();
  dropFrom(size);
  return {
    note(stretch) {
      if (last !== null && covers(last, stretch)) return;
      encode(entry, stretch);
      writeSync(fd, entry, 0, ENTRY_BYTES, count * ENTRY_BYTES);
      count += 1;
      last = stretch;
    },
    dropFrom,
    close: () => closeSync(fd),
  };
}

/** A clock that was set back makes a new entry: the time is what the clock said. */
function covers(last: Stretch, next: Stretch): boolean {
  if (last.offset >= next.offset) return true;
  const age = next.time - last.time;
  return last.run === next.run && age >= 0 && age < RESOLUTION;
}

function encode(entry: Buffer, stretch: Stretch): void {
  entry.writeUIntBE(stretch.offset, 0, 6);
  entry.writeUIntBE(Math.max(0, Math.floor(stretch.time)), 6, 6);
  entry.writeUInt32BE(stretch.run, 12);
}

function decode(bytes: Buffer, start: number): Stretch {
  return {
    offset: bytes.readUIntBE(start, 6),
    time: bytes.readUIntBE(start + 6, 6),
    run: bytes.readUInt32BE(start + 12),
  };
}

export interface TimeIndex {
  count: number;
  entry(number: number): Stretch;
  /** Number of entries whose offset is below this one. */
  countBelow(offset: number): number;
  /** The stretch that a byte belongs to; null when nothing is known of it. */
  at(offset: number): Stretch | null;
}

/** An index that cannot be read is empty: its log is still worth reading. */
export function readTimeIndex(path: string): TimeIndex {
  const bytes = contentOf(path);
  const count = Math.floor(bytes.length / ENTRY_BYTES);
  const offsetOf = (number: number) => bytes.readUIntBE(number * ENTRY_BYTES, 6);
  const index: TimeIndex = {
    count,
    entry: (number) => decode(bytes, number * ENTRY_BYTES),
    countBelow(offset) {
      let low = 0;
      let high = count;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (offsetOf(middle) < offset) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    at(offset) {
      const below = index.countBelow(offset + 1);
      return below === 0 ? null : index.entry(below - 1);
    },
  };
  return index;
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
