/**
 * A run that boots loads its files one by one. What only earlier runs have loaded, and what changes before this one has
 * come to it, is no reason for another run: it finds what is there by then. So a command that builds and then runs what it
 * has built is not begun again for that. Should it end before it has come to the file, or not be ready in time, the change
 * counts after all: it may be what mends it.
 */
import type { Concern, Mark } from './concern.ts';

export class Boot {
  /** How many runs have been current; a concern keeps the number of the last one that loaded it. */
  #run = 0;
  #isOn = false;
  /** What has changed meanwhile. */
  readonly #changed = new Map<string, Mark>();

  get run(): number {
    return this.#run;
  }

  /** Another run is the current one, and boots. Hands back what had been kept for the one before. */
  begin(): [string, Mark][] {
    this.#run += 1;
    this.#isOn = true;
    return this.#taken();
  }

  /** It is ready, late, or has ended. Hands back what it has not loaded after all. */
  end(): [string, Mark][] {
    this.#isOn = false;
    return this.#taken();
  }

  /** Whether the current run may come to this file yet. What is watched by name or glob may be read without a word. */
  awaits({ by, run }: Concern): boolean {
    return this.#isOn && run !== this.#run && by.size === 1 && by.has('load');
  }

  keep(file: string, mark: Mark): void {
    this.#changed.set(file, mark);
  }

  /** It has been loaded, changes again, or is of no interest any more. Hands back the change that had been kept. */
  take(file: string): Mark | undefined {
    const mark = this.#changed.get(file);
    this.#changed.delete(file);
    return mark;
  }

  #taken(): [string, Mark][] {
    const taken = [...this.#changed];
    this.#changed.clear();
    return taken;
  }
}
