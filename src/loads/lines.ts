/** Bytes in, lines out: bounded by the longest line that a hook may write. */
import { MAX_REPORT_LINE_BYTES } from '../contract/report.ts';

const NEWLINE = 0x0a;

/** Whole lines only, without their end; the beginning of one waits for its rest, one that is too long is left out. */
export class LineReader {
  readonly #onLine: (line: string) => void;
  #rest = Buffer.alloc(0);
  #skips = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** The bytes may be overwritten afterwards. */
  push(bytes: Buffer): void {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      this.#line(bytes.subarray(start, end));
      start = end + 1;
    }
    this.#keep(bytes.subarray(start));
  }

  /** What was begun is forgotten: its rest will not come. */
  reset(): void {
    this.#rest = Buffer.alloc(0);
    this.#skips = false;
  }

  #line(bytes: Buffer): void {
    const fits = !this.#skips && this.#rest.length + bytes.length < MAX_REPORT_LINE_BYTES;
    const line = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    this.reset();
    if (fits && line.length > 0) this.#onLine(line.toString());
  }

  #keep(bytes: Buffer): void {
    if (this.#skips || bytes.length === 0) return;
    if (this.#rest.length + bytes.length >= MAX_REPORT_LINE_BYTES) {
      this.reset();
      this.#skips = true;
    } else this.#rest = Buffer.concat([this.#rest, bytes]);
  }
}
