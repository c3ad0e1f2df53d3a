/** Files that a service seems to write itself: what becomes of their changes. All times in epoch ms. */
import type { Mark } from './concern.ts';
import {
  heldUntil,
  isCleared,
  isForgotten,
  isSuspect,
  type LoopRule,
  type Strikes,
  strike,
} from './loops.ts';

export class OwnWrites {
  readonly #strikes = new Map<string, Strikes>();
  readonly #suspected: (file: string, isSuspected: boolean) => void;

  /** `suspected`: called again with the same answer as well. */
  constructor(suspected: (file: string, isSuspected: boolean) => void) {
    this.#suspected = suspected;
  }

  /** A change of the service that had started at `start`: it may restart it from when on? Asked again, it counts once. */
  heldUntil(file: string, mark: Mark, start: number, rule: LoopRule): number {
    const its = strike(this.#strikes.get(file) ?? null, mark.at, start, rule, mark.from);
    this.#strikes.set(file, its);
    this.#suspected(file, isSuspect(its));
    return heldUntil(its);
  }

  /** Somebody says that it was him. */
  forget(file: string): void {
    if (this.#strikes.delete(file)) this.#suspected(file, false);
  }

  isSuspected(file: string): boolean {
    const its = this.#strikes.get(file);
    return its !== undefined && isSuspect(its);
  }

  /** It starts anew; the run before it had started at `start`. */
  restarted(start: number, now: number): void {
    for (const [file, its] of this.#strikes) {
      if (!isForgotten(its, now) && !isCleared(its, start, now)) continue;
      this.#strikes.delete(file);
      this.#suspected(file, false);
    }
  }
}
