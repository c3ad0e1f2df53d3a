/**
 * Accepting begins a turn after the app listens. Whoever only tries whether a port is free has closed by then:
 * once a held socket listens it does so for good, and an app that goes on to another address of the port would
 * find it in use.
 */

// Taken now: apps replace these (fake timers).
const { setImmediate } = globalThis;

export class Soon {
  readonly #waiting = new Map<() => void, number>();

  /** Hands back the undo. */
  add(port: number, begin: () => void): () => void {
    this.#waiting.set(begin, port);
    setImmediate(() => {
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
