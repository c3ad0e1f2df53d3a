/** Lines of the report as bytes, in one buffer that is used again and again. */
import type { ReportLine } from '../contract/report.ts';

/** Of one write(2), so that lines of several processes never mix: the bound of a line in the contract. */
const MAX_WRITE_BYTES = 16 * 1024;
/** No character takes more, in UTF-8. */
export const MOST_BYTES = 3;

// Taken now: apps replace these.
const { allocUnsafeSlow, byteLength } = Buffer;
const { stringify } = JSON;

export class Lines {
  readonly #write: (bytes: Buffer, length: number) => void;
  #bytes: Buffer | null = null;
  /** Bytes of the buffer that are to be written. */
  length = 0;

  /** `write` may throw, then what it was given is lost. */
  constructor(write: (bytes: Buffer, length: number) => void) {
    this.#write = write;
  }

  add(line: ReportLine): void {
    const text = `${stringify(line)}\n`;
    // At most so many; counted only where it may matter.
    const most = text.length * MOST_BYTES;
    const size = most <= MAX_WRITE_BYTES ? most : byteLength(text);
    if (size > MAX_WRITE_BYTES) return;
    this.length += this.room(size).write(text, this.length);
  }

  /** The buffer, with room for so many bytes (of at most 16 kB) behind those that it holds. */
  room(size: number): Buffer {
    if (this.length + size > MAX_WRITE_BYTES) this.flush();
    this.#bytes ??= allocUnsafeSlow(MAX_WRITE_BYTES);
    return this.#bytes;
  }

  /** Writes what was added since. Never throws. */
  flush(): void {
    const { length } = this;
    if (this.#bytes === null || length === 0) return;
    this.length = 0;
    try {
      this.#write(this.#bytes, length);
    } catch {
      // The run folder may be gone, the disk full: the app goes on.
    }
  }
}
