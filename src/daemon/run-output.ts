/** Where what a service's runs print goes: its log. Of a run that is on trial nothing does. */
import { join } from 'node:path';
import type { ResolvedService } from '../contract/config.ts';
import { createMovingLog, type LogPlace, type MovingLog } from '../logs/moving-log.ts';
import type { DaemonWorld } from './daemon-world.ts';
import type { ServiceRun } from './service-run.ts';

export interface RunOutputEvents {
  /** A run prints faster than can be copied, or no longer does. */
  flood(run: number, floods: boolean): void;
  /** What a person should know of it has changed: see `problem`. */
  changed(): void;
}

export class RunOutput {
  readonly log: MovingLog;
  readonly #spec: () => ResolvedService;
  #logDir: string;
  #problem: string | null = null;

  /** `logDir`: absolute. */
  constructor(
    { clock, paths }: DaemonWorld,
    spec: () => ResolvedService,
    logDir: string,
    events: RunOutputEvents,
  ) {
    const { name } = spec();
    this.#spec = spec;
    this.#logDir = logDir;
    this.log = createMovingLog({
      ...this.#place(),
      service: name,
      root: paths.root,
      indexDir: join(paths.logIndex, name),
      clock: { now: clock.wall },
      onFlood: events.flood,
      onProblem: (problem) => {
        this.#problem = problem;
        events.changed();
      },
    });
  }

  /** Why it cannot be written, in words; null: it can. */
  get problem(): string | null {
    return this.#problem;
  }

  /** From the next run on it is there. */
  configure(logDir: string): void {
    this.#logDir = logDir;
  }

  /** What it has printed so far, and prints, goes into the log. */
  show(run: ServiceRun): void {
    if (run.isOnTrial) return;
    this.log.move(this.#place());
    this.log.attach(run.run, run.folder.spool);
  }

  /** An earlier daemon has shown it. */
  goOn(run: ServiceRun): void {
    if (!run.isOnTrial) this.log.attach(run.run, run.folder.spool);
  }

  #place(): LogPlace {
    const { maxSize, keep } = this.#spec().logs;
    return { logDir: this.#logDir, maxSize, keep };
  }
}
