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
import { Lines } from './lines.ts';
import { type Judge, Opened } from './opened.ts';

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
const { now } = Date;

export class Gatherer {
  readonly #lines: Lines;
  readonly #waits: (() => void) | null;
  #opened: Opened | null = null;
  #waiting: MakeLine[] = [];
  /** When each of them was added. */
  #times: number[] = [];
  #alone: number;
  /** Of the first line after a pause, epoch ms. */
  #began = 0;
  #isExpected = false;
  /** Of the last write, and from when on nothing may wait; epoch ms. */
  written = 0;
  due = 0;

  /**
   * `write` may throw, then what it was given is lost. `waits` is called when there is something to lose;
   * null: nothing may wait.
   */
  constructor(write: (bytes: Buffer, length: number) => void, waits: (() => void) | null) {
    this.#lines = new Lines(write);
    this.#waits = waits;
    this.#alone = waits === null ? Number.POSITIVE_INFINITY : ONE_BY_ONE;
  }

  /** Files that are opened; asked for once. */
  opened(judge: Judge): Opened {
    this.#opened = new Opened(this, judge);
    return this.#opened;
  }

  /** `at`: now, epoch ms. Never throws. */
  add(make: MakeLine, at: number): void {
    this.#times.push(at);
    const count = this.#waiting.push(make);
    // Before the last write the clock was set back.
    if (at >= this.due || at < this.written || count >= MOST_WAITING || isEnding()) this.flush();
    else this.expect();
  }

  /** What waits is written when the turn ends, and at an end before. */
  expect(): void {
    if (this.#isExpected) return;
    this.#isExpected = true;
    this.#waits?.();
    later(() => this.flush());
  }

  /** Whatever waits is written. Never throws. */
  flush(): void {
    this.#isExpected = false;
    this.#opened?.drain(this.#lines);
    const lines = this.#waiting;
    const times = this.#times;
    if (lines.length > 0) {
      this.#waiting = [];
      this.#times = [];
      for (let index = 0; index < lines.length; index++)
        this.#make(lines[index] as MakeLine, times[index] as number);
    }
    if (this.#lines.length === 0) return;
    this.#lines.flush();
    this.#wrote();
  }

  #make(make: MakeLine, at: number): void {
    try {
      const line = make(at);
      if (line !== null) this.#lines.add(line);
    } catch {
      // Only a note is lost.
    }
  }

  #wrote(): void {
    const at = now();
    const waited = at - this.written;
    if (waited > MAX_WAIT_MS || waited < 0) this.#began = at;
    this.written = at;
    this.#alone--;
    const mayWait = Math.min(Math.max((at - this.#began) * WAIT_SHARE, MIN_WAIT_MS), MAX_WAIT_MS);
    this.due = this.#alone > 0 ? 0 : at + mayWait;
  }
}

/** In the `exit` event: no turn will end any more. */
const isEnding = () => (process as { _exiting?: boolean })._exiting === true;
