/**
 * Accepting begins a turn after the app listens. Whoever only tries whether a port is free has closed by then:
 * once a held socket listens it does so for good, and an app that goes on to another address of the port would
 * find it in use.
 */

import type { Early } from '../early.ts';

export class Soon {
  readonly #early: Pick<Early, 'setImmediate'>;
  readonly #waiting = new Map<() => void, number>();

  constructor(early: Pick<Early, 'setImmediate'>) {
    this.#early = early;
  }

  /** Hands back the undo. */
  add(port: number, begin: () => void): () => void {
    this.#waiting.set(begin, port);
    this.#early.setImmediate(() => {
      if (this.#waiting.delete(begin)) begin();
    });
    return () => this.#waiting.delete(begin);
  }

  /** Somebody of this process connects there, and may not wait. */
  now(port: number): void {
    for (const [begin, its] of this.#waiting) {
      if (its === port && this.#waiting.delete(begin)) begin();
    }
  }
}
