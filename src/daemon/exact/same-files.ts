/**
 * Files that were compared and found as a run had loaded them, though they were written after that: touched, or taken
 * there and back. Beside the run's report, for a daemon that comes back and has nothing but their stamps to go by.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../../platform/files.ts';

const NAME = 'same';
/** Lines of one run; a file that changes back again and again takes one each time. */
const MOST = 10_000;

export class SameFiles {
  readonly #known = new Map<string, string>();
  #path: string | null = null;
  #lines = 0;

  /** By file, what it held. */
  get known(): ReadonlyMap<string, string> {
    return this.#known;
  }

  /** `folder`: of the run that is followed from now on, which an earlier daemon may have followed. */
  begin(folder: string): void {
    this.#path = join(folder, NAME);
    this.#known.clear();
    const lines = readText(this.#path)?.split('\n') ?? [];
    this.#lines = lines.length;
    for (const line of lines) this.#read(line);
  }

  add(file: string, content: string): void {
    if (this.#path === null || this.#known.get(file) === content || this.#lines >= MOST) return;
    this.#known.set(file, content);
    this.#lines += 1;
    try {
      appendFileSync(this.#path, `${JSON.stringify([file, content])}\n`, { mode: 0o600 });
    } catch {
      // The next daemon may restart it once too often.
    }
  }

  /** The last line may be half written. */
  #read(line: string): void {
    try {
      const [file, content] = JSON.parse(line) as unknown[];
      if (typeof file === 'string' && typeof content === 'string') this.#known.set(file, content);
    } catch {
      // Nor is anything known of it.
    }
  }
}
