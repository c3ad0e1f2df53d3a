/** How often a person has asked the foreground to end: Ctrl-C, kill(1), a closed terminal. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface StopRequests {
  readonly count: number;
  /** Resolves at the first. */
  first: Promise<void>;
  /** Called for each one after the first. */
  onMore(act: () => void): void;
  /** Asks as a signal would. */
  add(): void;
  undo(): void;
}

/** `onHangup`: the terminal is gone, before the request counts. */
export function stopRequests(onHangup: () => void): StopRequests {
  let count = 0;
  let more = () => {};
  let begin = () => {};
  const first = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const add = () => {
    count += 1;
    if (count === 1) begin();
    else more();
  };
  const onSignal = (signal: NodeJS.Signals) => {
    if (signal === 'SIGHUP') onHangup();
    add();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    get count() {
      return count;
    },
    first,
    onMore(act) {
      more = act;
    },
    add,
    undo() {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
