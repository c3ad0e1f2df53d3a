/** What the daemon holds of one service beside its state: its runs, their processes, its log. */
import type { ResolvedService } from '../contract/config.ts';
import type { Cause, Exit, ParkReason } from '../contract/facts.ts';
import type { ProcessId } from '../contract/process-id.ts';
import type { GateSetting } from '../contract/sockets.ts';
import { executes } from '../platform/executable.ts';
import { reach } from '../platform/reach.ts';
import { type RunRecord, runFolder } from '../process/run-folder.ts';
import { machineTools } from '../process/tools.ts';
import { type Explanation, explainExit } from './after-exit.ts';
import { configHash } from './config-hash.ts';
import type { DaemonWorld, ServiceRuns } from './daemon-world.ts';
import { portsOf } from './held-ports.ts';
import { KnownRuns } from './known-runs.ts';
import { obstacleTo } from './launch-of.ts';
import { launchedBy } from './launched-by.ts';
import { Launcher } from './launcher.ts';
import { Pending } from './pending.ts';
import { RunOutput } from './run-output.ts';
import { awaitReady } from './run-readiness.ts';
import { approve } from './seamless/approve.ts';
import type { Drained } from './seamless/control.ts';
import { adoptSockets, followSockets, type SocketEvent } from './seamless/follow-sockets.ts';
import { Leaving } from './seamless/leaving.ts';
import type { Listening, ServiceRun } from './service-run.ts';
import { StandbyKeeper } from './standby/keeper.ts';
import type { StandbyWish } from './standby/wish.ts';

export interface RuntimeEvents {
  ready(run: number): void;
  /** `unguarded`: no shim lives that holds sockets for it. */
  exited(run: number, exit: Exit, why: Explanation & { unguarded: boolean }): void;
  /** It has finished what it was answering, or the time for that is over. */
  drained(run: number, drained: Drained & { took: number }): void;
  gone(run: number): void;
  cannotStart(run: number, reason: ParkReason): void;
  /** What a run tells of the sockets that are held for it. */
  sockets(event: SocketEvent): void;
  /** Something that a person sees has changed: a pid, a detail, a note. */
  changed(): void;
}

export class ServiceRuntime {
  readonly #world: DaemonWorld;
  readonly #events: RuntimeEvents;
  /** The processes. */
  readonly #runs: ServiceRuns;
  readonly #launcher: Launcher;
  readonly #standby: StandbyKeeper;
  readonly #output: RunOutput;
  readonly #pending = new Pending();
  readonly #known: KnownRuns;
  readonly #leaving: Leaving;
  #spec: ResolvedService;

  constructor(spec: ResolvedService, world: DaemonWorld, logDir: string, events: RuntimeEvents) {
    this.#spec = spec;
    this.#world = world;
    this.#events = events;
    this.#known = new KnownRuns(world.paths.runs, spec.name, this.#pending);
    this.#runs = this.#openRuns();
    this.#standby = new StandbyKeeper({
      world,
      runs: this.#runs,
      spec: () => this.#spec,
      report: () => this.#known.newest?.folder.report ?? null,
      changed: () => events.changed(),
    });
    this.#launcher = new Launcher(world, this.#runs, this.#standby, () => this.#spec, {
      launched: (run) => {
        this.#output.show(run);
        followSockets(run, world.processes, (event) => events.sockets(event));
        world.onLaunch(spec.name, run.run, run.isOnTrial);
      },
      unheld: (run, why) => events.sockets({ kind: 'unheld', run, why }),
      cannotStart: (run, reason) => events.cannotStart(run, reason),
      changed: () => events.changed(),
    });
    this.#output = new RunOutput(world, () => this.#spec, logDir, {
      flood: (run, floods) => this.#runs.pause(run, floods),
      changed: () => events.changed(),
    });
    this.#leaving = new Leaving({
      controls: (run) => this.#known.get(run)?.sockets?.controls ?? [],
      terminate: (run) => this.#runs.terminate(run, this.#spec.stop.signal as NodeJS.Signals),
      kill: (run) => this.#runs.kill(run),
      drained: (run, drained) => events.drained(run, drained),
    });
  }

  /** The record of the newest run; null while that is only about to be launched. */
  get record(): RunRecord | null {
    return this.#known.newest?.record ?? null;
  }

  /** The record of a run that is known; null while it is only about to be launched. */
  recordOf(run: number): RunRecord | null {
    return this.#known.get(run)?.record ?? null;
  }

  /** Where a run was found to listen. */
  listeningOf(run: number): Listening | null {
    return this.#known.get(run)?.listening ?? null;
  }

  /** Where a run with held sockets listens in their place, in words; null: it does not, or that is not known. */
  elsewhere(run: number): string | null {
    const its = this.#known.get(run);
    return its?.listening === null ? (its.sockets?.elsewhere ?? null) : null;
  }

  get shim() {
    return this.#runs.shim;
  }

  /** In words: what a start still waits for. */
  get detail(): string {
    return this.#known.newest?.detail ?? '';
  }

  /** Why the newest run cannot be launched for now; null: nothing was in its way. */
  get hindrance(): string | null {
    return this.#known.newest?.hindrance ?? null;
  }

  /** Where the newest run was found to listen. */
  get listening(): Listening | null {
    return this.#known.newest?.listening ?? null;
  }

  get notes(): string[] {
    return [this.#output.problem, this.#standby.note].filter((note) => note !== null);
  }

  get configChanged(): boolean {
    // What serves, or is to: the newest run may be one that failed to take over.
    const run = this.#known.living.findLast(({ isOnTrial }) => !isOnTrial);
    return run !== undefined && run.record?.config !== configHash(this.#spec);
  }

  /** Where its log is counts from its next run on. */
  configure(spec: ResolvedService, logDir: string): void {
    this.#spec = spec;
    this.#output.configure(logDir);
  }

  /** Whether a process is to wait for it to become its next run: see `standbyWish`. */
  keepStandby(wish: StandbyWish): void {
    this.#standby.follow(wish);
  }

  /** What waits to become its next run; null: nothing does. */
  get standby(): ProcessId | null {
    return this.#standby.process;
  }

  /** What an earlier daemon had on standby for it is ended. */
  endLeftStandbys(): void {
    this.#runs.standby.endLeft();
  }

  /** Not ready in time: what it does instead may explain it. */
  explainLateness(number: number): void {
    const run = this.#known.get(number);
    const held = portsOf(number, this.#runs, this.#world);
    if (run !== undefined && held.length > 0) run.detail += `; it listens on ${held.join(', ')}`;
  }

  /** Why a run that is launched now could not be started; null: nothing is known that is in its way. */
  obstacle(): string | null {
    return obstacleTo(this.#spec);
  }

  /** Whether a process of its runs executes what is at this path now. */
  executes(path: string): boolean {
    return this.#known.living.some(({ run }) => this.#runs.tree(run).some(({ pid }) => executes(pid, path)));
  }

  /** Launches a run; what an earlier run left behind is ended first. */
  launch(run: number, cause: Cause, gate: GateSetting, isOnTrial = false): void {
    this.#launcher.launch(this.#known.add(run, isOnTrial), cause, gate);
  }

  /** It was on trial; it counts from now on, and what it has printed so far is shown. */
  keep(number: number): void {
    const run = this.#known.keep(number);
    if (run === undefined || run.record === null) return;
    this.#output.show(run);
    if (run.record.process !== null && isSeenInOutput(this.#spec)) this.#awaitReady(run);
  }

  /** It may finish what it is answering, for `drain` ms at most. */
  terminate(run: number, drain: number): void {
    if (!this.#leave(run)) void this.#leaving.terminate(run, drain);
  }

  /** As `terminate`, and killed `grace` ms after it was asked to end. */
  retireRun(run: number, drain: number, grace: number): void {
    if (!this.#leave(run)) void this.#leaving.retire(run, drain, grace);
  }

  /** It served nothing, and is not wanted any more. */
  discard(run: number): void {
    if (!this.#leave(run)) this.#leaving.discard(run);
  }

  kill(run: number): void {
    this.#leaving.forget(run);
    if (!this.#leave(run)) this.#runs.kill(run);
  }

  /** It may take the traffic. Whether it does, it tells by itself. */
  approve(number: number): void {
    const run = this.#known.get(number);
    if (run === undefined || this.#launcher.open(number)) return;
    // It has written so before it answers: the older run need not wait for the next look.
    void approve(run.folder.path, run.sockets).then(() => run.sockets?.readNow());
  }

  /** Lets go of what is held; the next launch binds anew. */
  release(): void {
    this.#pending.add(this.#runs.release());
  }

  sweep(run: number): void {
    this.#pending.add(this.#runs.sweep(run).then(() => this.#finishLog(run)));
  }

  /** Runs that ended, and an earlier daemon did not come to end what they left behind, or to copy what they printed last. */
  finishRuns(runs: number[]): void {
    for (const run of runs) {
      const folder = runFolder(this.#world.paths.runs, this.#spec.name, run);
      this.#output.log.attach(run, folder.spool);
      const record = folder.load();
      // Under another boot its pid names somebody else.
      if (record?.boot === this.#world.processes.bootId()) this.#runs.adoptEnded(record);
      this.sweep(run);
    }
  }

  /** Resolves when no run accepts connections any more that another one has taken over from. */
  handedOver(): Promise<void> {
    return this.#leaving.closed();
  }

  /** Resolves when nothing is held for it any more: at once, unless it was just retired. */
  released(): Promise<void> {
    return this.#runs.released();
  }

  /** Resolves when all that ended runs printed is in the log and nothing that they left behind lives. */
  settled(): Promise<void> {
    return this.#pending.settled();
  }

  /** Nothing runs: what is held for it is let go of. */
  retire(): void {
    this.#runs.retire();
    this.#pending.add(this.#runs.released());
  }

  /**
   * Takes over what an earlier daemon left running, as its run folder tells it. Resolves to false when that died
   * before it had the run begun: then it is to be abandoned.
   */
  async adopt(record: RunRecord): Promise<boolean> {
    const run = this.#known.add(record.run, record.trial === true);
    run.recorded(record, launchedBy(run.folder, this.#spec));
    const hasEnded = run.folder.readExit() !== null;
    this.#output.goOn(run);
    this.#runs.adopt(record);
    const { id, processes } = this.#world;
    const place = { id, processes, service: this.#spec.name, gate: record.gate ?? 'open' } as const;
    adoptSockets(run, this.#runs.held, place, (event) => this.#events.sockets(event));
    run.identified(this.#runs.process(run.run));
    if (hasEnded) return true;
    if (record.process === null && run.folder.readPid() === null && !(await this.#runs.wasBegun(run.run)))
      return false;
    this.#awaitReady(run);
    return true;
  }

  /** It will never come to be: it has ended, nobody knows how. */
  abandon(run: number): void {
    this.#runs.abandon(run);
  }

  /** Its run's record was removed from disk: without it the next daemon would not know the run. */
  recordAgain(): void {
    const { living } = this.#known;
    if (living.length > 0) this.#runs.recordAgain();
    for (const run of living) run.recordAgain();
  }

  /** The last lines that its current or last run printed. */
  lastLines(lastRun: number, count: number): string[] {
    // One that failed to come to be printed nothing, and an earlier one's words would explain nothing.
    return this.#known.get(lastRun)?.lastLines(count) ?? [];
  }

  close(): void {
    this.#leaving.close();
    this.#standby.close();
    this.#known.close();
    this.#runs.close();
    this.#output.log.close();
  }

  /** True when it was only about to be launched: then that was all. */
  #leave(run: number): boolean {
    this.#known.get(run)?.leave();
    const wasPreparing = this.#launcher.forget(run);
    if (wasPreparing) this.#events.gone(run);
    return wasPreparing;
  }

  #openRuns(): ServiceRuns {
    const world = this.#world;
    const { name } = this.#spec;
    return world.openRuns(
      {
        processes: world.processes,
        script: world.kit.shimScript,
        subreaper: machineTools().subreaper,
        env: environmentOf(name, world),
        runs: world.paths.runs,
        shims: world.paths.shims,
        mark: { workspace: world.id, service: name },
      },
      {
        started: (number, process) => {
          const run = this.#known.get(number);
          run?.identified(process);
          if (run !== undefined) this.#awaitReady(run);
          this.#events.changed();
        },
        exited: (run, exit) => this.#exited(run, exit),
        gone: (run) => {
          this.#leaving.forget(run);
          this.#finishLog(run);
          this.#events.gone(run);
        },
      },
    );
  }

  #awaitReady(run: ServiceRun): void {
    if (run.isOnTrial && isSeenInOutput(this.#spec)) return;
    awaitReady(run, {
      world: this.#world,
      runs: this.#runs,
      log: this.#output.log,
      sockets: run.sockets,
      gate: run.held?.gate ?? 'open',
      onReady: (number) => this.#events.ready(number),
      onChange: () => this.#events.changed(),
    });
  }

  #exited(number: number, exit: Exit): void {
    const run = this.#known.get(number);
    run?.ended(exit, this.#world.clock.wall());
    const why = explainExit(run, exit, this.#spec, this.#world);
    this.#events.exited(number, exit, { ...why, unguarded: this.#runs.held === null });
    reach('ended-journaled');
  }

  /** Not before its whole tree is gone: what it left behind may still print. */
  #finishLog(number: number): void {
    const run = this.#known.get(number);
    if (run?.isOnTrial === true) run.folder.remove();
    else this.#pending.add(this.#output.log.finish(number));
  }
}

/** Whether it is ready is told by what it prints. */
function isSeenInOutput({ ready }: ResolvedService): boolean {
  return ready.kind === 'log';
}

/** By these marks a process is known for this service's, whoever finds it. */
function environmentOf(service: string, { env, id, paths }: DaemonWorld): NodeJS.ProcessEnv {
  return { ...env, UPKEEP_WORKSPACE: id, UPKEEP_SERVICE: service, UPKEEP_ROOT: paths.root };
}
