/** One run's raw output file, read from the offset up to which it has been consumed. */
import { closeSync, existsSync, fstatSync, openSync, readSync, rmSync } from 'node:fs';
import type { SpoolMark } from './checkpoint.ts';
import { punchHole } from './punch.ts';

/** Bytes of a chunk at most; a smaller one is all that there is. */
export const CHUNK = 256 * 1024;
/** One for all: a chunk is handed on before the next is read. */
const buffer = Buffer.allocUnsafeSlow(CHUNK);
/** Consumed bytes after which a hole is worth a process. */
const HOLE = 16 * 1024 * 1024;
const BLOCK = 4096;
/** Bytes that a late listener is told of. */
const REPLAY = 1024 * 1024;
const NEWLINE = 10;
/** Looks (50 ms apart) that an unfinished line is waited for while another run prints to the same log. */
const HELD_LOOKS = 2;

export interface Spool {
  /** What to watch for its changes: on Linux the open file itself, whatever became of its name. */
  watched: string;
  /** Bytes consumed, and of which file. Advanced by the reader of the chunks. */
  mark: SpoolMark;
  /** The next bytes, valid until the next call; empty when there are none. */
  next(): Buffer;
  /** How much of a chunk should be appended now, when other runs print to the same log. */
  wholeLines(chunk: Buffer, last: boolean): number;
  /** What has been consumed: its last MB. Empty once it is closed. */
  consumed(): Buffer;
  /** Epoch ms of the last write to it. */
  writtenAt(): number;
  /** Bytes that are written and not yet consumed. */
  backlog(): number;
  /** Looks whether somebody has emptied it: then it is read from its start. */
  checkSize(): void;
  /** Gives back the space of what was consumed, when it is much. */
  trim(): void;
  close(): void;
  /** Closes and removes it. */
  remove(): void;
}

/** Throws what the file system throws. */
export function openSpool(path: string, known: SpoolMark | undefined): Spool {
  const fd = openSync(path, 'r');
  const { ino, size } = fstatSync(fd);
  const mark = known?.ino === ino && known.offset <= size ? known : { ino, offset: 0 };
  let held = 0;
  let punched = 0;
  let canPunch = true;
  let punching = false;
  let closed = false;

  const close = () => {
    if (!closed) closeSync(fd);
    closed = true;
  };

  return {
    watched: watchable(path, fd),
    mark,
    next: () => buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, mark.offset)),
    wholeLines(chunk, last) {
      const whole = chunk.lastIndexOf(NEWLINE) + 1;
      if (whole === 0 && !last && chunk.length < buffer.length && held < HELD_LOOKS) {
        held += 1;
        return 0;
      }
      held = 0;
      return whole > 0 ? whole : chunk.length;
    },
    consumed() {
      if (closed) return Buffer.alloc(0);
      const from = Math.max(0, mark.offset - REPLAY);
      const bytes = Buffer.alloc(mark.offset - from);
      return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from));
    },
    writtenAt: () => fstatSync(fd).mtimeMs,
    backlog: () => fstatSync(fd).size - mark.offset,
    checkSize() {
      if (fstatSync(fd).size < mark.offset) mark.offset = punched = 0;
    },
    trim() {
      const to = mark.offset - (mark.offset % BLOCK);
      if (!canPunch || punching || to - punched < HOLE) return;
      punching = true;
      void punchHole(path, punched, to).then((done) => {
        punching = false;
        punched = to;
        canPunch = done;
      });
    },
    close,
    remove() {
      close();
      rmSync(path, { force: true });
    },
  };
}

/** A magic link leads to the open file, also when its name is gone or is another file's by now: proc_pid_fd(5). */
function watchable(path: string, fd: number): string {
  const link = `/proc/self/fd/${fd}`;
  return existsSync(link) ? link : path;
}
