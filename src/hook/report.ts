/** The report's file, as one process or thread writes it. */
import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import type { LinkLine, ListLine, ReadLine, ReportLine, SocketLine } from '../contract/report.ts';
import { early } from './early.ts';
import { watchEnds } from './ends.ts';
import { Gatherer } from './gather.ts';
import type { Judge, Opened } from './opened.ts';
import type { Thread } from './thread.ts';

// Taken now: apps replace these (fake timers, fs mocks).
const { now } = Date;
const { concat } = Buffer;
const nothing = Buffer.alloc(0);
const newline = Buffer.from('\n');
const files = { fstatSync, writeSync };

/** How often the descriptor's identity is checked, in ms: an app could have closed it and opened another there. */
const CHECK_EVERY_MS = 1000;

/** What waits for room on the disk is tried again after so many ms; more bytes than these are let go of. */
const AGAIN_MS = 1000;
const MOST_HELD = 256 * 1024;

export interface Report {
  hello(): void;
  /** `line` is asked for its line now or a little later; `at`: the time of this call. */
  note(line: (at: number) => LinkLine | ListLine | ReadLine | null): void;
  /** Files that are opened. */
  opened(judge: Judge): Opened;
  /** With what waits before it, at once. */
  load(file: string, parent: string | null): void;
  missing(specifier: string, parent: string | null): void;
  listening(): void;
  quiet(why: string): void;
  socket(line: (at: number, pid: number) => SocketLine): void;
}

/** Null when there is no report: no path, no such file, not writable. */
export function openReport(path: string | undefined, thread: Thread): Report | null {
  if (path === undefined || path === '') return null;
  let fd: number;
  try {
    fd = openSync(path, constants.O_WRONLY | constants.O_APPEND);
  } catch {
    return null;
  }
  // A worker's end is not seen when it is terminated.
  const waits = thread === 'main' ? watchEnds(() => lines.flush()) : null;
  const lines: Gatherer = new Gatherer(appender(fd), waits);
  const atOnce = (line: ReportLine) => {
    lines.add(() => line, line[1]);
    lines.flush();
  };
  return {
    hello: () => atOnce(['hello', now(), process.pid, 'node', process.versions.node]),
    note: (line) => lines.add(line, now()),
    opened: (judge) => lines.opened(judge),
    load: (file, parent) => atOnce(['load', now(), file, parent]),
    missing: (specifier, parent) => atOnce(['missing', now(), specifier, parent]),
    listening: () => atOnce(['listening', now()]),
    quiet: (why) => atOnce(['quiet', now(), process.pid, why]),
    socket: (line) => atOnce(line(now(), process.pid)),
  };
}

/** One write(2) to the report; to nothing once the descriptor is another file's. */
function appender(fd: number): (bytes: Buffer, length: number) => void {
  // Not without `bigint`: on Node 18 to 22 that spoils the resolution of symlinked entries.
  const identity = files.fstatSync(fd, { bigint: true });
  let checked = now();
  let closed = false;
  const keep = new Keeper(fd, () => append(nothing, 0));
  const append = (bytes: Buffer, length: number) => {
    if (closed) return;
    if (now() - checked > CHECK_EVERY_MS) {
      const found = files.fstatSync(fd, { bigint: true });
      closed = found.ino !== identity.ino || found.dev !== identity.dev;
      if (closed) return;
      checked = now();
    }
    keep.write(bytes, length);
  };
  return append;
}

/**
 * What cannot be written since the disk is full is written with what comes next, or when there is room again: the daemon
 * may wait for the very line.
 */
class Keeper {
  readonly #fd: number;
  readonly #again: () => void;
  #held = nothing;
  #isWaiting = false;

  /** `again`: asked for a little later, until nothing is left; may throw. */
  constructor(fd: number, again: () => void) {
    this.#fd = fd;
    this.#again = again;
  }

  write(bytes: Buffer, length: number): void {
    const all = this.#held.length === 0 ? bytes : concat([this.#held, bytes.subarray(0, length)]);
    const size = all === bytes ? length : all.length;
    this.#held = nothing;
    if (size === 0) return;
    const written = writtenOf(this.#fd, all, size);
    if (written === size || size > MOST_HELD) return;
    // Half a line is none, and what was whole may be told twice.
    const whole = all.subarray(0, size);
    this.#held = concat(written === 0 ? [whole] : [newline, whole]);
    if (!this.#isWaiting) early.setTimeout(() => this.#retry(), AGAIN_MS).unref();
    this.#isWaiting = true;
  }

  #retry(): void {
    this.#isWaiting = false;
    try {
      this.#again();
    } catch {
      // The app has closed the descriptor.
    }
  }
}

/** Bytes. Throws what is not for want of room. */
function writtenOf(fd: number, bytes: Buffer, length: number): number {
  try {
    return files.writeSync(fd, bytes, 0, length);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') return 0;
    throw error;
  }
}
