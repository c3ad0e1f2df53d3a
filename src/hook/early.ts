/** What apps replace (fake timers, fs mocks), as it was before the app began. */
const { setTimeout, clearTimeout, setImmediate } = globalThis;
const { hrtime } = process;

/** Handed to the parts that are compiled later. */
export const early = {
  setTimeout,
  clearTimeout,
  setImmediate,
  /** ms, monotonic. Not by `performance`, which Node loads a dozen of its modules for (2 to 4 ms). */
  monotonic(): number {
    const [seconds, nanoseconds] = hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
};

export type Early = typeof early;
