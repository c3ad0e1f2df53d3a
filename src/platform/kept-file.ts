/**
 * A file that is written again and again, and on a full disk as well. Beside it lies a spare of the same size: its blocks
 * are overwritten in place, and then the two change places, neither of which takes a new block. Where overwriting takes
 * one all the same (btrfs, ZFS) it fails as any write does.
 */
import {
  closeSync,
  constants,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { writeAtomic } from './files.ts';
import { isDiskFull } from './scarcity.ts';

/** Bytes: the unit in which file systems give out room. */
const BLOCK = 4096;
/** The text may grow by so much before there has to be room for more. */
const SLACK = 1.5;

export class KeptFile {
  readonly #path: string;
  readonly #spare: string;
  /** Bytes of the file and of its spare; 0: there is none. */
  #size: number;
  #spareSize: number;

  /** `path`: absolute. What lies beside it is called `PATH.spare`. */
  constructor(path: string) {
    this.#path = path;
    this.#spare = `${path}.spare`;
    this.#size = sizeOf(path);
    this.#spareSize = sizeOf(this.#spare);
  }

  /**
   * Replaces it as a whole; blanks are added at its end. False: the disk is full, and its spare was used. Throws what
   * the file system throws.
   */
  write(text: string): boolean {
    const bytes = Buffer.byteLength(text);
    const size = bytes <= this.#size ? this.#size : Math.ceil((bytes * SLACK) / BLOCK) * BLOCK;
    try {
      writeAtomic(this.#path, filled(text, size));
      this.#size = size;
    } catch (error) {
      if (!isDiskFull(error) || bytes > this.#spareSize) throw error;
      this.#useSpare(text);
      return false;
    }
    if (this.#spareSize < size) this.#makeSpare(size);
    return true;
  }

  #makeSpare(size: number): void {
    try {
      writeAtomic(this.#spare, filled('', size));
      this.#spareSize = size;
    } catch {
      // There is no room for one: what is written is written, and the next time it is tried again.
    }
  }

  #useSpare(text: string): void {
    const fd = openSync(this.#spare, constants.O_WRONLY | constants.O_NOFOLLOW);
    try {
      writeFileSync(fd, filled(text, this.#spareSize));
    } finally {
      closeSync(fd);
    }
    const kept = this.#keepBefore();
    renameSync(this.#spare, this.#path);
    const size = this.#spareSize;
    this.#spareSize = 0;
    if (kept !== null) {
      renameSync(kept, this.#spare);
      this.#spareSize = this.#size;
    }
    this.#size = size;
  }

  /** A second name for what is there now; null: it cannot have one, and is lost as its spare takes its place. */
  #keepBefore(): string | null {
    const kept = `${this.#path}.before`;
    try {
      rmSync(kept, { force: true });
      linkSync(this.#path, kept);
      return kept;
    } catch {
      return null;
    }
  }
}

function filled(text: string, size: number): Buffer {
  const content = Buffer.alloc(size, ' ');
  content.write(text);
  return content;
}

function sizeOf(path: string): number {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true ? found.size : 0;
}
