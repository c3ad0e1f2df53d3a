/** Times: monotonic for decisions, wall clock for people. */
import { monotonic } from '../platform/monotonic.ts';

export interface Clock {
  /** See `monotonic`. */
  now(): number;
  /** Epoch ms. */
  wall(): number;
}

export const systemClock: Clock = {
  now: monotonic,
  wall: () => Date.now(),
};
