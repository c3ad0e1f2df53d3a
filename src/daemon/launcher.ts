/**
 * From the wish for a run to its process: ends what earlier runs left behind, sees to it that its ports are free,
 * and has it started. Several runs of one service may be on their way; each is called off by itself.
 */
import { readServiceEnv } from '../config/env.ts';
import type { ResolvedService } from '../contract/config.ts';
import type { Cause, ParkReason } from '../contract/facts.ts';
import { errorMessage } from '../platform/files.ts';
import { type Launch, launchProblem, launchScript } from '../process/launch-script.ts';
import type { RunRecord } from '../process/run-folder.ts';
import { machineTools } from '../process/tools.ts';
import { configHash } from './config-hash.ts';
import type { DaemonWorld, ServiceRuns } from './daemon-world.ts';
import { hookEnvironment } from './exact/hooks.ts';
import { freePorts } from './free-ports.ts';
import { keepLaunchedBy } from './launched-by.ts';
import type { ServiceRun } from './service-run.ts';

export interface LauncherEvents {
  launched(run: ServiceRun): void;
  cannotStart(run: number, reason: ParkReason): void;
  /** What a run waits for has changed. */
  changed(): void;
}

export class Launcher {
  readonly #world: DaemonWorld;
  readonly #runs: ServiceRuns;
  readonly #spec: () => ResolvedService;
  readonly #events: LauncherEvents;
  /** The runs that are about to be launched. */
  readonly #preparing = new Set<number>();

  constructor(world: DaemonWorld, runs: ServiceRuns, spec: () => ResolvedService, events: LauncherEvents) {
    this.#world = world;
    this.#runs = runs;
    this.#spec = spec;
    this.#events = events;
  }

  launch(run: ServiceRun, cause: Cause): void {
    run.detail = 'starting';
    this.#preparing.add(run.run);
    void this.#clearTheWay(run).then(
      (taken) => {
        // Stopped again meanwhile: that has been told.
        if (!this.forget(run.run)) return;
        if (taken === null) this.#begin(run, cause);
        else this.#events.cannotStart(run.run, taken);
      },
      (error: unknown) => {
        if (this.forget(run.run)) this.#cannotStart(run, errorMessage(error));
      },
    );
  }

  /** True when the run was only about to be launched: then it is not. */
  forget(run: number): boolean {
    return this.#preparing.delete(run);
  }

  /** Resolves to who else has one of its ports, or null when all are free. */
  async #clearTheWay(run: ServiceRun): Promise<ParkReason | null> {
    if (this.#runs.leavesSomething()) {
      run.detail = 'ending what the run before left behind';
      await this.#runs.sweepAll();
    }
    const { name, ports } = this.#spec();
    return freePorts(
      {
        service: name,
        ports,
        isWanted: () => this.#preparing.has(run.run),
        endStray: (pid) => this.#runs.endStray(pid, () => this.#preparing.has(run.run)),
        onDetail: (detail) => {
          run.detail = detail;
          this.#events.changed();
        },
      },
      this.#world,
    );
  }

  #begin(run: ServiceRun, cause: Cause): void {
    try {
      const spec = this.#spec();
      const launch = this.#launchOf(run, spec);
      const problem = launchProblem(launch, this.#world.env['PATH'] ?? '');
      if (problem !== null) return this.#cannotStart(run, problem);
      const slot = this.#runs.freeSlot();
      if (slot === null) return this.#cannotStart(run, 'too many of its earlier runs are still ending');
      const record = this.#recordOf(run.run, slot, cause, spec);
      this.#runs.launch(record, launchScript(launch, machineTools()));
      keepLaunchedBy(run.folder, spec);
      run.recorded(record, spec);
    } catch (error) {
      return this.#cannotStart(run, errorMessage(error));
    }
    this.#events.launched(run);
  }

  /** What is run, and what it finds in its environment besides the daemon's own. Throws UserError for an env file that cannot be read. */
  #launchOf(run: ServiceRun, spec: ResolvedService): Launch {
    const { env: inherited, hooks } = this.#world;
    const own = readServiceEnv(spec);
    const hooked = spec.watch.enabled
      ? hookEnvironment(hooks, { ...inherited, ...own }, run.folder.report, spec.command)
      : {};
    return { command: spec.command, cwd: spec.cwd, env: { ...own, ...hooked, UPKEEP_RUN: String(run.run) } };
  }

  #recordOf(run: number, slot: number, cause: Cause, spec: ResolvedService): RunRecord {
    const { clock, processes } = this.#world;
    return {
      service: spec.name,
      run,
      cause,
      slot,
      startedAt: clock.wall(),
      readyAt: null,
      endedAt: null,
      exit: null,
      process: null,
      boot: processes.bootId(),
      config: configHash(spec),
    };
  }

  #cannotStart(run: ServiceRun, message: string): void {
    this.#events.cannotStart(run.run, { kind: 'cannot-start', message });
  }
}
