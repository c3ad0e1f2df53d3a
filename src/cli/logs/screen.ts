/** Where a command prints: knows whether colours are wanted, and when nobody reads any more. */

export interface Screen {
  colour: boolean;
  /** Facts. Resolves once more may be written. */
  write(text: string): Promise<void>;
  /** Remarks to the person, kept apart from the facts. */
  note(text: string): void;
  /** Resolves when the reader is gone (a pager that was quit, `head`). */
  closed: Promise<void>;
  isClosed(): boolean;
}

interface Colours {
  env: Record<string, string | undefined>;
  isTTY: boolean | undefined;
}

/** NO_COLOR (no-color.org) wins over FORCE_COLOR, which wins over what the output is. */
export function wantsColour({ env, isTTY }: Colours): boolean {
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTTY === true && env['TERM'] !== 'dumb';
}

export function processScreen(): Screen {
  const { stdout, stderr, env } = process;
  let gone = false;
  const closed = new Promise<void>((resolve) => {
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      gone = true;
      resolve();
    });
  });
  return {
    colour: wantsColour({ env, isTTY: stdout.isTTY }),
    write(text) {
      if (gone) return Promise.resolve();
      // A reader that is gone is told in a later turn: give it a chance before the next write.
      return new Promise((resolve) => {
        stdout.write(text, () => setImmediate(resolve));
      });
    },
    note: (text) => void stderr.write(`${text}\n`),
    closed,
    isClosed: () => gone,
  };
}
