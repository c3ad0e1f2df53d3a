/** Changes that are put off until their files have been left alone: see loops.ts. */
import type { Clock } from './clock.ts';
import type { Mark } from './concern.ts';

/** Whoever waits for an edit waits for a change that is put off, but not for one that is put off on and on, ms. */
const AWAITED = 10_000;

export interface Held {
  /** `until`: epoch ms. */
  add(file: string, mark: Mark, until: number): void;
  /** It changes again, or is of no interest any more. */
  drop(file: string): void;
  /** Hands all of them back now. */
  release(): void;
  readonly isAwaited: boolean;
  has(file: string): boolean;
  close(): void;
}

/** `onGivenUp`: what is put off is not awaited any more. */
export function createHeld(
  clock: Clock,
  onReleased: (files: [string, Mark][]) => void,
  onGivenUp: () => void,
): Held {
  const files = new Map<string, { mark: Mark; until: number }>();
  let timer: (() => void) | null = null;
  /** When a file was put off last, and since when that happens on and on; monotonic ms. */
  let last = Number.NEGATIVE_INFINITY;
  let since = 0;
  let patience: (() => void) | null = null;

  function release(until: number): void {
    const due = [...files].filter((each) => each[1].until <= until);
    for (const [file] of due) files.delete(file);
    if (due.length > 0) onReleased(due.map(([file, { mark }]) => [file, mark]));
  }

  /** One timer, for the first that is due; what was dropped meanwhile may have been waited for longer. */
  function arm(): void {
    timer?.();
    timer = null;
    if (files.size === 0) return;
    const next = Math.min(...[...files.values()].map(({ until }) => until));
    timer = clock.after(Math.max(0, next - clock.wall()), () => {
      timer = null;
      release(clock.wall());
      arm();
    });
  }

  return {
    add(file, mark, until) {
      const now = clock.now();
      if (now - last > AWAITED) {
        since = now;
        patience?.();
        patience = clock.after(AWAITED, onGivenUp);
      }
      last = now;
      files.set(file, { mark, until });
      arm();
    },
    drop: (file) => void files.delete(file),
    has: (file) => files.has(file),
    release: () => release(Number.POSITIVE_INFINITY),
    get isAwaited() {
      return files.size > 0 && clock.now() - since < AWAITED;
    },
    close() {
      files.clear();
      timer?.();
      timer = null;
      patience?.();
      patience = null;
    },
  };
}
