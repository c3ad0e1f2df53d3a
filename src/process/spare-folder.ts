/**
 * A run's folder that is made before it is known which run it will be, while nobody waits: making its files takes as
 * long as everything else that happens between the end of a run and the launch of the next one.
 */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeBlankFolder } from './run-folder.ts';

/** Beside the folders of the runs, which have numbers for names. */
const NAME = 'next';

export class SpareFolder {
  readonly #path: string;
  #isReady = false;

  /** `runs`: the folder of the service's run folders. */
  constructor(runs: string) {
    this.#path = join(runs, NAME);
  }

  /** What an earlier daemon left is made anew: it may not have come to its end. Where it fails, each run makes its own. */
  prepare(): void {
    if (this.#isReady) return;
    try {
      rmSync(this.#path, { recursive: true, force: true });
      makeBlankFolder(this.#path);
      this.#isReady = true;
    } catch {
      // A full disk.
    }
  }

  /** Puts it at `path`; false: there is none. */
  take(path: string): boolean {
    if (!this.#isReady) return false;
    this.#isReady = false;
    try {
      renameSync(this.#path, path);
      return true;
    } catch {
      // Somebody has removed it.
      return false;
    }
  }
}
