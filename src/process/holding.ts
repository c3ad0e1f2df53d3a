/**
 * Which sockets the shim of a service holds, seen from a run that is to be launched:
 *
 *   makeRoom ──► a shim that holds something else ends, unless a run lives below it
 *   hold ──► what the run finds: held already, or bound now for the shim that its launch starts
 */
import { type HeldRecord, type HoldWish, isHeldAs } from './held-record.ts';
import { type Bound, bindWish, closeAll } from './held-sockets.ts';
import type { Shim } from './shim.ts';

export type Hold =
  /** Null: nothing, as was wished. */
  | { held: HeldRecord | null }
  /** Somebody else listens on this port. */
  | { taken: number }
  /** This run gets none of it; why, in words. A later one does, launched when no other lives. */
  | { unheld: string };

export class Holding {
  readonly #shim: Shim;
  /** Whether a run has a process or is about to get one, this one left aside. */
  readonly #runsLive: (except?: number) => boolean;
  #wish: HoldWish | null = null;
  #bound: Bound | null = null;

  constructor(shim: Shim, runsLive: (except?: number) => boolean) {
    this.#shim = shim;
    this.#runsLive = runsLive;
  }

  /** Whether a shim stands in the way of what is wished, and may go. */
  isInTheWay(wish: HoldWish | null): boolean {
    const { process, held } = this.#shim.look();
    return process !== null && !isHeldAs(held, wish) && !this.#runsLive();
  }

  hold(wish: HoldWish | null): Hold {
    this.letGo();
    this.#wish = null;
    const { process, held } = this.#shim.look();
    if (process !== null && isHeldAs(held, wish)) return this.#found(wish, held);
    if (wish === null) return { held: null };
    if (process !== null)
      return {
        unheld: 'its earlier run, which still lives, was started without it, or its records were removed',
      };
    // What that run has inherited listens on, and nobody can take it from there.
    if (this.#runsLive()) return { unheld: 'what held its port was killed while its earlier run lives on' };
    const bound = bindWish(wish);
    if ('taken' in bound) return bound;
    if ('failed' in bound) return { unheld: bound.failed };
    this.#bound = bound;
    return this.#found(wish, bound.record);
  }

  /** For the launch that follows `hold`: what a new shim is to hold. The caller closes it. */
  take(): Bound | null {
    const bound = this.#bound;
    this.#bound = null;
    return bound;
  }

  /** For a run whose shim died before it began it: the same again, as far as that can be had. */
  takeAgain(run: number): Bound | null {
    if (this.#wish === null || this.#runsLive(run)) return null;
    const bound = bindWish(this.#wish);
    return 'record' in bound ? bound : null;
  }

  /** No launch follows. */
  letGo(): void {
    closeAll(this.take()?.sockets ?? []);
  }

  #found(wish: HoldWish | null, held: HeldRecord | null): Hold {
    this.#wish = wish;
    return { held };
  }
}
