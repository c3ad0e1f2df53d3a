/** When the gateway ends: it is there for those who look, and nobody has to think of ending it. */

/** ms without a reader and without a request. */
const IDLE = 5 * 60_000;

export interface Life {
  /** Somebody came; so many streams are open. */
  visited(streams: number): void;
  /** Ends now, unless somebody is looking. */
  endIfUnused(): void;
}

export function createLife(end: () => void, idle = IDLE): Life {
  let streams = 0;
  let timer = setTimeout(end, idle);
  return {
    visited(open) {
      streams = open;
      clearTimeout(timer);
      if (open === 0) timer = setTimeout(end, idle);
    },
    endIfUnused() {
      if (streams === 0) end();
    },
  };
}
