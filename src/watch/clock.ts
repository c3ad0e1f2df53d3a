/** The time as the watcher needs it; tests bring their own. */
import { monotonic } from '../platform/monotonic.ts';

export interface Clock {
  /** Monotonic ms, for durations: a wall clock that is set back must not stretch a quiet period. */
  now(): number;
  /** Epoch ms, for comparison with what the file system stamps on files. */
  wall(): number;
  /** Calls `then` once after `ms`; returns the undo. */
  after(ms: number, then: () => void): () => void;
}

export const systemClock: Clock = {
  now: monotonic,
  wall: () => Date.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};
