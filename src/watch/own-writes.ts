/** Files that a service seems to write itself: what becomes of their changes. All times in epoch ms. */
import {
  heldUntil,
  isCleared,
  isForgotten,
  isLeftAlone,
  isSuspect,
  type LoopRule,
  type Strikes,
  strike,
} from './loops.ts';

/** `take`: it may restart the service; `leave`: it is the service's own; or it is put off until then. */
export type Ruling = { kind: 'take' } | { kind: 'leave' } | { kind: 'hold'; until: number };

export class OwnWrites {
  readonly #strikes = new Map<string, Strikes>();
  readonly #suspected: (file: string, isSuspected: boolean) => void;

  /** `suspected`: called again with the same answer as well. */
  constructor(suspected: (file: string, isSuspected: boolean) => void) {
    this.#suspected = suspected;
  }

  /** The file changed at `at`, and the service had started at `start`. Asked again, it counts once. */
  rule(file: string, at: number, start: number, rule: LoopRule, now: number): Ruling {
    const its = strike(this.#strikes.get(file) ?? null, at, start, rule);
    this.#strikes.set(file, its);
    this.#suspected(file, isSuspect(its));
    if (isLeftAlone(its)) return { kind: 'leave' };
    const until = heldUntil(its);
    return until > now ? { kind: 'hold', until } : { kind: 'take' };
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
