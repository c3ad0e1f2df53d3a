/** Has everything been told that has changed up to now? For who must not miss an edit of the last moment. */
import { turn } from '../platform/turn.ts';

export interface SettlingOptions {
  /** Puts a job behind those that are queued. */
  later(job: () => void): void;
  /** Looks at a file as if it had just changed; answers whom it concerns. */
  look(file: string): string[];
  isBusy(): boolean;
}

export interface Settling {
  settle(files: readonly string[]): Promise<Set<string>>;
  /** Something has been concluded. */
  wake(): void;
}

export function createSettling({ later, look, isBusy }: SettlingOptions): Settling {
  let waiting: (() => void)[] = [];

  async function quiet(): Promise<void> {
    for (;;) {
      await new Promise<void>((resolve) => later(resolve));
      if (!isBusy()) return;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  return {
    async settle(files) {
      // What the kernel has queued is read within a turn of the event loop, before or after whoever asks.
      await turn();
      await turn();
      const concerned = new Set(files.flatMap(look));
      await quiet();
      return concerned;
    },
    wake() {
      const woken = waiting;
      waiting = [];
      for (const resolve of woken) resolve();
    },
  };
}
