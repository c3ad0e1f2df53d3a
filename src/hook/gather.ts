/**
 * Lines on their way to the report's file, in order.
 *
 * A write(2) between two compiles takes 15 µs, ten times what it takes in a loop: 15 ms for a thousand modules.
 * So only the first lines are written one by one, which is all that most apps ever have, and later ones in company:
 * at the end of the turn, at the next line after 2 ms, with the next urgent line, when a write is full, and when the
 * process ends (`ends.ts`). What dies without a word (SIGKILL, a native crash) or never comes back from a file's top
 * level loses at most the 2 ms of lines before its last one.
 */

/** Of one write(2), so that lines of several processes never mix: the bound of a line in the contract. */
export const MAX_WRITE_BYTES = 16 * 1024;
/** Lines that are written one by one: at most 1.5 ms. */
const ONE_BY_ONE = 100;
/** How long a line may wait for the next one, in ms. */
const MAX_WAIT_MS = 2;

const { then } = Promise.prototype;
const settled = Promise.resolve();
const { byteLength } = Buffer;

export class Gatherer {
  readonly #write: (text: string) => void;
  #text = '';
  /** Upper bound of the bytes in it. */
  #bytes = 0;
  #alone = ONE_BY_ONE;
  /** Of the last write, epoch ms. */
  #written = 0;

  /** `write` may throw, then what it was given is lost. */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** `line` ends with a line feed; one that is too long is left out. `at`: now, epoch ms. */
  add(line: string, at: number): void {
    const bytes = boundOf(line);
    if (bytes > MAX_WRITE_BYTES) return;
    if (this.#bytes + bytes > MAX_WRITE_BYTES) this.flush(at);
    this.#text += line;
    this.#bytes += bytes;
    const waited = at - this.#written;
    // Below 0 the clock was set back.
    if (this.#alone > 0 || waited > MAX_WAIT_MS || waited < 0 || isEnding()) {
      this.#alone--;
      this.flush(at);
    } else if (this.#bytes === bytes) {
      Reflect.apply(then, settled, [() => this.flush(at)]);
    }
  }

  /** Whatever waits is written. Never throws. */
  flush(at: number): void {
    if (this.#bytes === 0) return;
    const text = this.#text;
    this.#text = '';
    this.#bytes = 0;
    this.#written = at;
    try {
      this.#write(text);
    } catch {
      // The run folder may be gone, the disk full: the app goes on.
    }
  }
}

/** A character has at most three bytes in UTF-8 (two of them at most four); counted only where it matters. */
function boundOf(line: string): number {
  const bound = line.length * 3;
  return bound <= MAX_WRITE_BYTES / 8 ? bound : byteLength(line);
}

/** In the `exit` event: no turn will end any more. */
const isEnding = () => (process as { _exiting?: boolean })._exiting === true;
