/** How long one service waits for more: its own pace, its restarts, and what its workspace has seen. */
import { type Burst, paceAfter, quietNow } from './burst.ts';
import { expected, learn, type Rhythm } from './rhythm.ts';

/** Shared by the services of a workspace. */
export interface Memory {
  rhythm: Rhythm | null;
}

export class Pacing {
  readonly #asked: number | null;
  readonly #memory: Memory;
  #restartedAt = Number.NEGATIVE_INFINITY;
  #pace = 0;
  #touchedAt = Number.NEGATIVE_INFINITY;

  /** `quiet`: as it was asked for, ms; null: adapts. */
  constructor(quiet: number | null, memory: Memory) {
    this.#asked = quiet;
    this.#memory = memory;
  }

  touched(now: number): void {
    this.#pace = paceAfter(this.#pace, now - this.#touchedAt);
    this.#touchedAt = now;
  }

  restarted(now: number): void {
    this.#restartedAt = now;
  }

  /** A burst is over, and something has changed. */
  concluded({ first }: Burst, now: number): void {
    this.#memory.rhythm = learn(this.#memory.rhythm, first, this.#pace, now);
  }

  /** ms without a further change after the one at `last`. `isBooting`: its run is on its way, and would wait as well. */
  quiet(last: number, isBooting: boolean): number {
    const recent = {
      restartedAt: this.#restartedAt,
      pace: this.#pace,
      expected: expected(this.#memory.rhythm, last),
      isBooting,
    };
    return quietNow(this.#asked, last, recent);
  }
}
