/** The report's file, as one process or thread writes it. */
import * as fs from 'node:fs';
import type { ReportLine, SocketLine } from '../contract/report.ts';
import { binding } from './bindings.ts';

// Taken now: apps replace these (fake timers, fs mocks).
const { now } = Date;
const { openSync, writeSync, fstatSync, constants } = fs;
const { stringify } = JSON;
const { byteLength } = Buffer;

/** As in the contract; a value import from there would do, were it not the hook's only one. */
const MAX_LINE_BYTES = 16 * 1024;

/** How often the descriptor's identity is checked, in ms: an app could have closed it and opened another there. */
const CHECK_EVERY_MS = 1000;

export interface Report {
  hello(): void;
  load(file: string, parent: string | null): void;
  missing(specifier: string, parent: string | null): void;
  read(file: string): void;
  listening(): void;
  quiet(why: string): void;
  socket(line: (at: number, pid: number) => SocketLine): void;
}

/** Null when there is no report: no path, no such file, not writable. */
export function openReport(path: string | undefined): Report | null {
  if (path === undefined || path === '') return null;
  let fd: number;
  try {
    fd = openSync(path, constants.O_WRONLY | constants.O_APPEND);
  } catch {
    return null;
  }
  const write = lineWriter(fd);
  return {
    hello: () => write(['hello', now(), process.pid, 'node', process.versions.node]),
    load: (file, parent) => write(['load', now(), file, parent]),
    missing: (specifier, parent) => write(['missing', now(), specifier, parent]),
    read: (file) => write(['read', now(), file]),
    listening: () => write(['listening', now()]),
    quiet: (why) => write(['quiet', now(), process.pid, why]),
    socket: (line) => write(line(now(), process.pid)),
  };
}

/** Unbuffered, so that a crash loses nothing; never throws. */
function lineWriter(fd: number): (line: ReportLine) => void {
  // Not without `bigint`: on Node 18 to 22 that spoils the resolution of symlinked entries.
  const identity = fstatSync(fd, { bigint: true });
  const append = appender(fd);
  let checked = now();
  let closed = false;
  return (line) => {
    if (closed) return;
    try {
      if (now() - checked > CHECK_EVERY_MS) {
        const found = fstatSync(fd, { bigint: true });
        closed = found.ino !== identity.ino || found.dev !== identity.dev;
        if (closed) return;
        checked = now();
      }
      const text = `${stringify(line)}\n`;
      // A character has at most three bytes in UTF-8, two of them at most four.
      if (text.length * 3 <= MAX_LINE_BYTES || byteLength(text) <= MAX_LINE_BYTES) append(text);
    } catch {
      // The run folder may be gone, the disk full: the app goes on.
    }
  };
}

/** write(2). Half of what a thousand lines cost is `fs.writeSync` looking at its arguments, so that is left out. */
function appender(fd: number): (text: string) => void {
  const write = binding('fs')?.['writeString'];
  if (typeof write !== 'function') return (text) => writeSync(fd, text);
  // Node 18 puts errors into the last argument, later ones throw: either way nobody asks.
  return (text) => write(fd, text, null, 'utf8', undefined, {});
}
