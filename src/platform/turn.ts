/** A turn of the event loop. `node:timers/promises` has it too, and takes some ms to load, for which nobody answers after a daemon was killed. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
