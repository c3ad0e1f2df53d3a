/** Times: monotonic for decisions, wall clock for people. */
export interface Clock {
  /** Monotonic ms (CLOCK_MONOTONIC, counted from boot: comparable between processes, unmoved by clock changes). */
  now(): number;
  /** Epoch ms. */
  wall(): number;
}

export const systemClock: Clock = {
  now: () => Number(process.hrtime.bigint() / 1_000n) / 1_000,
  wall: () => Date.now(),
};
