/** The report's file, as one process or thread writes it. */
import * as fs from 'node:fs';
import type { ReportLine } from '../contract/report.ts';

// Taken now: apps replace these (fake timers, fs mocks).
const { now } = Date;
const { openSync, writeSync, fstatSync, constants } = fs;
const { stringify } = JSON;

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
  };
}

/** Unbuffered, so that a crash loses nothing; never throws. */
function lineWriter(fd: number): (line: ReportLine) => void {
  // Not without `bigint`: on Node 18 to 22 that spoils the resolution of symlinked entries.
  const identity = fstatSync(fd, { bigint: true });
  const buffer = Buffer.allocUnsafeSlow(MAX_LINE_BYTES);
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
      // A buffer of our own is written in half the time that a string takes. A line that fills it may have been cut.
      const bytes = buffer.write(text, 0);
      if (bytes < MAX_LINE_BYTES - 3) writeSync(fd, buffer, 0, bytes);
    } catch {
      // The run folder may be gone, the disk full: the app goes on.
    }
  };
}
