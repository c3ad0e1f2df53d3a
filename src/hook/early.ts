/** What apps replace (fake timers, fs mocks), as it was before the app began. */
const { setTimeout, clearTimeout, setImmediate } = globalThis;

/** Handed to the parts that are compiled later. */
export const early = {
  setTimeout,
  clearTimeout,
  setImmediate,
  /** ms, monotonic. */
  monotonic: performance.now.bind(performance),
};

export type Early = typeof early;
