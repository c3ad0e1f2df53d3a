/** The runs of one service that the daemon knows of: those that live, and the newest that counts, whatever became of it. */
import { type RunFolder, runFolder } from '../process/run-folder.ts';
import type { Pending } from './pending.ts';
import { ServiceRun } from './service-run.ts';

export class KnownRuns {
  readonly #folderOf: (run: number) => RunFolder;
  readonly #pending: Pending;
  readonly #known = new Map<number, ServiceRun>();
  #newest: ServiceRun | null = null;

  /** `runs`: the folder of all run folders. */
  constructor(runs: string, service: string, pending: Pending) {
    this.#folderOf = (run) => runFolder(runs, service, run);
    this.#pending = pending;
  }

  get newest(): ServiceRun | null {
    return this.#newest;
  }

  get living(): ServiceRun[] {
    return [...this.#known.values()].filter((run) => run.lives);
  }

  get(run: number): ServiceRun | undefined {
    return this.#known.get(run);
  }

  /** A run begins to be known. Of those before it, the ones that have ended are done with. */
  add(number: number, isOnTrial = false): ServiceRun {
    for (const [earlier, run] of this.#known) if (!run.lives) this.#known.delete(earlier);
    const run = new ServiceRun(number, this.#folderOf(number), this.#pending, isOnTrial);
    this.#known.set(number, run);
    if (!isOnTrial) this.#newest = run;
    return run;
  }

  /** One that was on trial counts from now on. */
  keep(number: number): ServiceRun | undefined {
    const run = this.#known.get(number);
    if (run === undefined) return undefined;
    run.keep();
    this.#newest = run;
    return run;
  }

  /** The daemon ends; the runs go on. */
  close(): void {
    for (const run of this.#known.values()) run.close();
  }
}
