/**
 * Monotonic ms (CLOCK_MONOTONIC, counted from boot: comparable between processes, unmoved by clock changes). Not by
 * `performance.now`, for whose sake Node loads a dozen of its modules (2 to 4 ms of a start).
 */
export function monotonic(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}
