/**
 * Lines on their way to the report's file, in order.
 *
 * Between two compiles the processor's caches are cold: a write(2) takes 15 µs there, ten times what it takes in a
 * loop, and making a line as much again. So only the first lines are made and written one by one, and later ones in
 * company: when the event loop has gone through what is ready (ES modules of Node 18 and 20 come a turn each), at the
 * next line after 5 ms, or after a tenth of the time that the loading has taken so far, with the next urgent line, and
 * when the process ends (`ends.ts`). What dies without a word (SIGKILL, a native crash), or never comes back from a
 * file's top level, loses at most the lines of that time after the last write.
 */

import type { ReportLine } from '../contract/report.ts';

/** Of one write(2), so that lines of several processes never mix: the bound of a line in the contract. */
const MAX_WRITE_BYTES = 16 * 1024;
/** Lines that are written one by one: less than 1 ms. */
const ONE_BY_ONE = 20;
/** How long a line may wait for the next one: in ms, and as a share of the time since the first one. */
const MIN_WAIT_MS = 5;
const MAX_WAIT_MS = 100;
const WAIT_SHARE = 0.1;
const MOST_WAITING = 500;

/** Gives the line; null when there is nothing to tell after all. May throw. `at`: when it was added, epoch ms. */
export type MakeLine = (at: number) => ReportLine | null;

// Taken now: apps replace these.
const later = setImmediate;
const { byteLength } = Buffer;
const { now } = Date;
const { stringify } = JSON;

export class Gatherer {
  readonly #write: (text: string) => void;
  readonly #waits: (() => void) | null;
  #waiting: MakeLine[] = [];
  /** When each of them was added. */
  #times: number[] = [];
  #alone: number;
  /** Of the last write, epoch ms. */
  #written = 0;
  /** Of the first line after a pause, epoch ms. */
  #began = 0;

  /**
   * `write` may throw, then what it was given is lost. `waits` is called when there is something to lose;
   * null: nothing may wait.
   */
  constructor(write: (text: string) => void, waits: (() => void) | null) {
    this.#write = write;
    this.#waits = waits;
    this.#alone = waits === null ? Number.POSITIVE_INFINITY : ONE_BY_ONE;
  }

  /** `at`: now, epoch ms. Never throws. */
  add(make: MakeLine, at: number): void {
    this.#times.push(at);
    const count = this.#waiting.push(make);
    const waited = at - this.#written;
    if (waited > MAX_WAIT_MS || waited < 0) this.#began = at;
    const mayWait = Math.min(Math.max((at - this.#began) * WAIT_SHARE, MIN_WAIT_MS), MAX_WAIT_MS);
    // Below 0 the clock was set back.
    if (this.#alone > 0 || waited > mayWait || waited < 0 || count >= MOST_WAITING || isEnding()) {
      this.#alone--;
      this.flush();
    } else if (count === 1) {
      this.#waits?.();
      later(() => this.flush());
    }
  }

  /** Whatever waits is written. Never throws. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const lines = this.#waiting;
    const times = this.#times;
    this.#waiting = [];
    this.#times = [];
    let text = '';
    let bytes = 0;
    for (let index = 0; index < lines.length; index++) {
      const line = made(lines[index] as MakeLine, times[index] as number);
      const more = bytesOf(line);
      if (more > MAX_WRITE_BYTES) continue;
      if (bytes + more > MAX_WRITE_BYTES) {
        this.#append(text);
        text = '';
        bytes = 0;
      }
      text += line;
      bytes += more;
    }
    if (text !== '') this.#append(text);
    this.#written = now();
  }

  #append(text: string): void {
    try {
      this.#write(text);
    } catch {
      // The run folder may be gone, the disk full: the app goes on.
    }
  }
}

/** At most so many: no character takes more than 3 bytes; counted only where it may matter. */
function bytesOf(line: string): number {
  return line.length * 3 <= MAX_WRITE_BYTES ? line.length * 3 : byteLength(line);
}

function made(make: MakeLine, at: number): string {
  try {
    const line = make(at);
    return line === null ? '' : `${stringify(line)}\n`;
  } catch {
    // Only a note is lost.
    return '';
  }
}

/** In the `exit` event: no turn will end any more. */
const isEnding = () => (process as { _exiting?: boolean })._exiting === true;
