/** When the gateway ends: it is there for those who look, and nobody has to think of ending it. */

/** ms without a reader and without a request. */
const IDLE = 5 * 60_000;

export interface Life {
  /** Somebody came; so many streams are open. */
  visited(streams: number): void;
  /** Ends now, unless somebody is looking. */
  endIfUnused(): void;
}

/** `promised`: ms for which a link that was given out has still to be answered; whoever got it has not come yet. */
export function createLife(end: () => void, promised: () => number, idle = IDLE): Life {
  let streams = 0;
  const endUnlessPromised = () => {
    const left = promised();
    if (left > 0) timer = setTimeout(endUnlessPromised, left);
    else end();
  };
  let timer = setTimeout(endUnlessPromised, idle);
  return {
    visited(open) {
      streams = open;
      clearTimeout(timer);
      if (open === 0) timer = setTimeout(endUnlessPromised, idle);
    },
    endIfUnused() {
      if (streams === 0) end();
    },
  };
}
