/**
 * Whether connections are accepted.
 *
 *   shut --attach, or nobody came for a while--> open --drain--> over
 */

import type { Early } from '../early.ts';

/** Accepts from now on; 0, or a negative errno. */
type Accept = () => number;

export class Gate {
  readonly #aloneMs: number;
  readonly #timers: Pick<Early, 'setTimeout' | 'clearTimeout'>;
  #state: 'shut' | 'open' | 'over';
  #waiting = new Set<Accept>();
  #timer: NodeJS.Timeout | null = null;

  /** `aloneMs`: after so many ms without company a shut gate at which something waits opens. */
  constructor(isOpen: boolean, aloneMs: number, timers: Pick<Early, 'setTimeout' | 'clearTimeout'>) {
    this.#state = isOpen ? 'open' : 'shut';
    this.#aloneMs = aloneMs;
    this.#timers = timers;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Hands back the undo. */
  wait(accept: Accept): () => void {
    this.#waiting.add(accept);
    if (this.#timer === null) this.company(false);
    return () => this.#waiting.delete(accept);
  }

  /** Somebody is connected to the control socket, or nobody any more. */
  company(isThere: boolean): void {
    if (this.#timer !== null) this.#timers.clearTimeout(this.#timer);
    this.#timer = null;
    if (isThere || this.#state !== 'shut' || this.#waiting.size === 0) return;
    this.#timer = this.#timers.setTimeout(() => void this.open(), this.#aloneMs).unref();
  }

  /** The first error of those that waited, 0 without. They are tried again with the next `open`. */
  open(): number {
    if (this.#state === 'over') return 0;
    this.#state = 'open';
    this.company(true);
    let failed = 0;
    for (const accept of this.#waiting) {
      const error = accept();
      if (error === 0) this.#waiting.delete(accept);
      else failed ||= error;
    }
    return failed;
  }

  /** Nothing is accepted any more. */
  end(): void {
    this.#state = 'over';
    this.company(true);
    this.#waiting.clear();
  }
}
