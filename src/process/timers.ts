/** Timers that end with their owner. */
export class Timers {
  readonly #pending = new Set<NodeJS.Timeout>();

  /** `ms` from now, unless all are cleared before. */
  later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#pending.delete(timer);
      act();
    }, ms);
    this.#pending.add(timer);
  }

  /** Never resolves once all are cleared: who waits has nothing more to do. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.later(ms, resolve));
  }

  clear(): void {
    for (const timer of this.#pending) clearTimeout(timer);
    this.#pending.clear();
  }
}
