/** The runs of one service that the daemon knows of: those that live, and the newest, whatever became of it. */
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
  add(number: number): ServiceRun {
    for (const [earlier, run] of this.#known) if (!run.lives) this.#known.delete(earlier);
    const run = new ServiceRun(number, this.#folderOf(number), this.#pending);
    this.#known.set(number, run);
    this.#newest = run;
    return run;
  }

  /** The daemon ends; the runs go on. */
  close(): void {
    for (const run of this.#known.values()) run.close();
  }
}
