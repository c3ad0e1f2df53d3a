/**
 * From the wish for a run to its process: ends what earlier runs left behind, sees to it that its ports are free,
 * and has it started. Several runs of one service may be on their way; each is called off by itself.
 */
import { existsSync } from 'node:fs';
import { readServiceEnv } from '../config/env.ts';
import type { ResolvedService } from '../contract/config.ts';
import type { Cause, ParkReason } from '../contract/facts.ts';
import { mask } from '../contract/mask.ts';
import type { GateSetting } from '../contract/sockets.ts';
import { errorMessage } from '../platform/files.ts';
import { portOwner } from '../platform/port-owner.ts';
import { isScarcity, needDescriptors } from '../platform/scarcity.ts';
import { type HeldRecord, isHeldAs } from '../process/held-record.ts';
import { type Launch, launchProblem, launchScript } from '../process/launch-script.ts';
import type { RunRecord } from '../process/run-folder.ts';
import { machineTools } from '../process/tools.ts';
import { configHash } from './config-hash.ts';
import type { DaemonWorld, ServiceRuns } from './daemon-world.ts';
import { type Hooks, hookEnvironment } from './exact/hooks.ts';
import { freePorts } from './free-ports.ts';
import { keepLaunchedBy } from './launched-by.ts';
import { portTaken } from './port-owner.ts';
import { controlPath } from './seamless/control-path.ts';
import { tellOfSockets, wishOf } from './seamless/wish.ts';
import type { ServiceRun } from './service-run.ts';

/** Descriptors that a launch may take, of which the run keeps a few: it must not end half-way for want of one. */
const DESCRIPTORS = 24;
/** ms until a launch is tried again for which the machine had no room: at first, then ever longer, and at most. */
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 3_000;

/** What is to be launched; `again`: what held its ports was killed while the way was cleared, and may have left them to a stray of its own. */
interface Wish {
  readonly run: ServiceRun;
  readonly cause: Cause;
  readonly again: boolean;
  /** ms that will be waited when the machine has no room for it. */
  readonly retry: number;
}

export interface LauncherEvents {
  launched(run: ServiceRun): void;
  /** Nothing is held for the run, though its service would have it; why, in words. */
  unheld(run: number, why: string): void;
  cannotStart(run: number, reason: ParkReason): void;
  /** What a run waits for has changed. */
  changed(): void;
}

export class Launcher {
  readonly #world: DaemonWorld;
  readonly #runs: ServiceRuns;
  readonly #spec: () => ResolvedService;
  readonly #events: LauncherEvents;
  /** The runs that are about to be launched, and whether they are to wait at their gate. */
  readonly #preparing = new Map<number, GateSetting>();

  constructor(world: DaemonWorld, runs: ServiceRuns, spec: () => ResolvedService, events: LauncherEvents) {
    this.#world = world;
    this.#runs = runs;
    this.#spec = spec;
    this.#events = events;
  }

  launch(run: ServiceRun, cause: Cause, gate: GateSetting): void {
    run.detail = 'starting';
    this.#prepare({ run, cause, again: false, retry: FIRST_RETRY_MS }, gate);
  }

  #prepare(wish: Wish, gate: GateSetting): void {
    const { run } = wish;
    this.#preparing.set(run.run, gate);
    void this.#clearTheWay(run, gate).then(
      (taken) => {
        const nowGate = this.#preparing.get(run.run) ?? gate;
        // Stopped again meanwhile: that has been told.
        if (!this.forget(run.run)) return;
        if (taken === null) this.#begin(wish, nowGate);
        else this.#events.cannotStart(run.run, taken);
      },
      (error: unknown) => {
        const nowGate = this.#preparing.get(run.run) ?? gate;
        if (this.forget(run.run)) this.#failed(wish, nowGate, error);
      },
    );
  }

  /** It is still only about to be launched, and may be called off. */
  #tryLater(wish: Wish, gate: GateSetting, error: unknown): void {
    const { run, retry } = wish;
    this.#runs.letGo();
    this.#preparing.set(run.run, gate);
    run.detail = `cannot be started for now: ${mask(errorMessage(error))}`;
    this.#events.changed();
    setTimeout(() => {
      const nowGate = this.#preparing.get(run.run);
      if (nowGate === undefined) return;
      this.#prepare({ ...wish, retry: Math.min(retry * 2, LONGEST_RETRY_MS) }, nowGate);
    }, retry).unref();
  }

  /** True when the run was only about to be launched: then it is not. */
  forget(run: number): boolean {
    return this.#preparing.delete(run);
  }

  /** The run before it has ended: it need not wait at its gate. False when it has been launched. */
  open(run: number): boolean {
    const isPreparing = this.#preparing.has(run);
    if (isPreparing) this.#preparing.set(run, 'open');
    return isPreparing;
  }

  /** Resolves to who else has one of its ports, or null when all are free. */
  async #clearTheWay(run: ServiceRun, gate: GateSetting): Promise<ParkReason | null> {
    if (this.#runs.leavesSomething()) {
      run.detail = 'ending what the run before left behind';
      await this.#runs.sweepAll();
    }
    const wish = wishOf(this.#spec());
    await this.#runs.makeRoom(wish);
    // What is held is its own; nobody else can have come to listen there.
    if (wish !== null && isHeldAs(this.#runs.held, wish)) return null;
    // The run that serves has them, by what a shim left it that was killed: whether that will do, `hold` tells.
    if (gate === 'wait') return null;
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

  #begin(wish: Wish, gate: GateSetting): void {
    const { run, cause, again } = wish;
    // Its folders would be made anew in the place of a workspace that was removed.
    if (!existsSync(this.#world.paths.root)) return this.#cannotStart(run, 'the workspace was removed');
    let unheld: string | null;
    try {
      needDescriptors(DESCRIPTORS);
      // What the last try has begun.
      if (wish.retry > FIRST_RETRY_MS) run.folder.remove();
      const spec = this.#spec();
      const hold = this.#runs.hold(wishOf(spec));
      if ('taken' in hold && !again) return this.#prepare({ ...wish, again: true }, gate);
      if ('taken' in hold) return this.#events.cannotStart(run.run, this.#takenBy(hold.taken));
      unheld = 'unheld' in hold ? hold.unheld : null;
      // It would stand in the way of the run that serves, and that in its.
      if (gate === 'wait' && unheld !== null) return this.#callOff(run, unheld);
      const hooks = this.#world.kit.putBack();
      const launch = this.#launchOf(run, spec, hooks, 'held' in hold ? hold.held : null, gate);
      const problem = launchProblem(launch, this.#world.env['PATH'] ?? '');
      if (problem !== null) return this.#cannotStart(run, problem);
      const slot = this.#runs.freeSlot();
      if (slot === null) return this.#cannotStart(run, 'too many of its earlier runs are still ending');
      const record = this.#recordOf(run, slot, cause, gate, spec);
      this.#runs.launch(record, launchScript(launch, machineTools()));
      keepLaunchedBy(run.folder, spec);
      run.recorded(record, spec);
    } catch (error) {
      return this.#failed(wish, gate, error);
    }
    this.#events.launched(run);
    if (unheld !== null) this.#events.unheld(run.run, unheld);
  }

  #failed(wish: Wish, gate: GateSetting, error: unknown): void {
    if (isScarcity(error)) this.#tryLater(wish, gate, error);
    else this.#cannotStart(wish.run, errorMessage(error));
  }

  /** Told as one that could have been called off: that is what will become of it. */
  #callOff(run: ServiceRun, why: string): void {
    this.#preparing.set(run.run, 'wait');
    this.#events.unheld(run.run, why);
    if (this.forget(run.run)) this.#cannotStart(run, why);
  }

  #takenBy(port: number): ParkReason {
    const owner = portOwner(port, this.#world.ports, this.#world.processes);
    return portTaken(port, owner ?? { pid: null });
  }

  /** What is run, and what it finds in its environment besides the daemon's own. Throws UserError for an env file that cannot be read. */
  #launchOf(
    run: ServiceRun,
    spec: ResolvedService,
    hooks: Hooks,
    held: HeldRecord | null,
    gate: GateSetting,
  ): Launch {
    const { env: inherited, id } = this.#world;
    const own = readServiceEnv(spec);
    const control = controlPath(id, spec.name, run.run);
    const told = held === null || control === null ? null : tellOfSockets(held, control, gate);
    if (held !== null && control !== null) run.finds(held, control, gate);
    const hooked =
      spec.watch.enabled || told !== null
        ? hookEnvironment(hooks, { ...inherited, ...own }, run.folder.report, spec.command)
        : {};
    const env = { ...own, ...hooked, ...told?.env, UPKEEP_RUN: String(run.run) };
    return { command: spec.command, cwd: spec.cwd, env, before: told?.before ?? [] };
  }

  #recordOf(
    run: ServiceRun,
    slot: number,
    cause: Cause,
    gate: GateSetting,
    spec: ResolvedService,
  ): RunRecord {
    const { clock, processes } = this.#world;
    return {
      service: spec.name,
      run: run.run,
      cause,
      slot,
      startedAt: clock.wall(),
      readyAt: null,
      endedAt: null,
      exit: null,
      process: null,
      boot: processes.bootId(),
      gate,
      ...(run.isOnTrial && { trial: true }),
      config: configHash(spec),
    };
  }

  #cannotStart(run: ServiceRun, message: string): void {
    this.#runs.letGo();
    this.#events.cannotStart(run.run, { kind: 'cannot-start', message: mask(message) });
  }
}
