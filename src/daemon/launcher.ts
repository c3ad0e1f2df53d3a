/**
 * From the wish for a run to its process: ends what earlier runs left behind, sees to it that its ports are free,
 * and has it started. Several runs of one service may be on their way; each is called off by itself.
 */
import { existsSync } from 'node:fs';
import type { ResolvedService } from '../contract/config.ts';
import type { Cause, ParkReason } from '../contract/facts.ts';
import { mask } from '../contract/mask.ts';
import { CONTROL_VARIABLE, GATE_VARIABLE, type GateSetting } from '../contract/sockets.ts';
import { errorMessage } from '../platform/files.ts';
import { portOwner } from '../platform/port-owner.ts';
import { isScarcity, needDescriptors } from '../platform/scarcity.ts';
import { type HeldRecord, isHeldAs } from '../process/held-record.ts';
import { launchProblem, launchScript } from '../process/launch-script.ts';
import type { RunRecord } from '../process/run-folder.ts';
import { machineTools } from '../process/tools.ts';
import { addressOf } from './address-of.ts';
import { configHash } from './config-hash.ts';
import type { DaemonWorld, ServiceRuns } from './daemon-world.ts';
import { freePorts } from './free-ports.ts';
import { launchOf, type Place } from './launch-of.ts';
import { keepLaunchedBy } from './launched-by.ts';
import { portTaken } from './port-owner.ts';
import { controlPath } from './seamless/control-path.ts';
import { wishOf } from './seamless/wish.ts';
import type { ServiceRun } from './service-run.ts';
import type { StandbyKeeper } from './standby/keeper.ts';

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
  readonly #standby: StandbyKeeper;
  readonly #spec: () => ResolvedService;
  readonly #events: LauncherEvents;
  /** The runs that are about to be launched, and whether they are to wait at their gate. */
  readonly #preparing = new Map<number, GateSetting>();

  constructor(
    world: DaemonWorld,
    runs: ServiceRuns,
    standby: StandbyKeeper,
    spec: () => ResolvedService,
    events: LauncherEvents,
  ) {
    this.#world = world;
    this.#runs = runs;
    this.#standby = standby;
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
      const place = this.#placeOf(run, spec, 'held' in hold ? hold.held : null, gate);
      const record = (slot: number) => this.#recordOf(run, slot, cause, gate, spec);
      const launched = this.#fromStandby(place, record) ?? this.#launch(spec, place, record);
      if (typeof launched === 'string') return this.#cannotStart(run, launched);
      keepLaunchedBy(run.folder, spec);
      run.recorded(launched, spec);
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

  #placeOf(run: ServiceRun, spec: ResolvedService, held: HeldRecord | null, gate: GateSetting): Place {
    const control = held === null ? null : controlPath(this.#world.id, spec.name, run.run);
    if (held !== null && control !== null) run.finds(held, control, gate);
    const sockets = held === null || control === null ? null : { held, control, gate };
    return { run: String(run.run), report: run.folder.report, sockets };
  }

  /** Its record; why it cannot be started, in words. */
  #launch(spec: ResolvedService, place: Place, record: (slot: number) => RunRecord): RunRecord | string {
    const { env, kit } = this.#world;
    const launch = launchOf(spec, env, kit.putBack(), place);
    const problem = launchProblem(launch, env['PATH'] ?? '');
    if (problem !== null) return problem;
    const slot = this.#runs.freeSlot();
    if (slot === null) return 'too many of its earlier runs are still ending';
    const its = record(slot);
    this.#runs.launch(its, launchScript(launch, machineTools()));
    return its;
  }

  /** Null: nothing is on standby that would be what a launch gives. */
  #fromStandby({ run, sockets }: Place, record: (slot: number) => RunRecord): RunRecord | null {
    const ready = this.#standby.fitting(sockets !== null);
    if (ready === null) return null;
    const told = sockets && { [CONTROL_VARIABLE]: sockets.control, [GATE_VARIABLE]: sockets.gate };
    try {
      const its = this.#runs.launchStandby(record(ready.slot), {
        run: Number(run),
        env: { UPKEEP_RUN: run, ...told },
      });
      this.#standby.taken();
      return its;
    } catch {
      this.#standby.failed();
      return null;
    }
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
      address: addressOf(spec),
    };
  }

  #cannotStart(run: ServiceRun, message: string): void {
    this.#runs.letGo();
    this.#events.cannotStart(run.run, { kind: 'cannot-start', message: mask(message) });
  }
}
