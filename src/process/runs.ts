/**
 * The runs of one service as processes: launches them through its shim, tells what becomes of them,
 * ends whole trees. Knows nothing of why.
 */
import { join } from 'node:path';
import type { Exit } from '../contract/facts.ts';
import type { ProcessId } from '../contract/process-id.ts';
import type { Release } from '../contract/standby.ts';
import { isAlive, type ProcessInfo } from '../platform/proc.ts';
import { reach } from '../platform/reach.ts';
import { type HeldRecord, type HoldWish, isHeldAs } from './held-record.ts';
import { type Hold, Holding } from './holding.ts';
import type { LiveRun } from './live-run.ts';
import { LiveRuns } from './live-runs.ts';
import type { MembersWorld } from './members.ts';
import { createRunFolder, processOf, type RunFolder, type RunRecord, runFolder } from './run-folder.ts';
import { type RunWatcher, Shim, type ShimWorld } from './shim.ts';
import { signalGroup } from './signals.ts';
import { SpareFolder } from './spare-folder.ts';
import { Standby } from './standby.ts';
import { Timers } from './timers.ts';
import { TreeEnding } from './tree-ending.ts';

export interface RunEvents {
  /** The process exists and said who it is. */
  started(run: number, process: ProcessId): void;
  /** Its own process ended; others of its tree may live on. */
  exited(run: number, exit: Exit): void;
  /** After `terminate` or `kill`: nothing of its tree is left. */
  gone(run: number): void;
}

export interface RunsWorld extends ShimWorld, MembersWorld {
  /** Folder of all run folders. */
  runs: string;
  /** Folder of all shims. */
  shims: string;
}

/** How often a run whose wrapper was killed is looked at, in ms. */
const ORPHAN_LOOK = 500;
/** A shim begins a run in a few ms; after this many it is asked for whether it still lives. */
const BEGIN_MS = 1_000;
/** Shims that are told of one run: where so many die before they begin it, the next one would too. */
const MOST_SHIMS = 5;

export class Runs {
  readonly #world: RunsWorld;
  readonly #events: RunEvents;
  readonly #shim: Shim;
  readonly #timers = new Timers();
  readonly #live: LiveRuns;
  readonly #ending: TreeEnding;
  readonly #holding: Holding;
  readonly #spare: SpareFolder;
  readonly #standby: Standby;
  #retired = false;
  /** Settles when the shim that was told to end is gone. */
  #shimEnded: Promise<void> = Promise.resolve();
  /** Settles when nothing is held any more. */
  #released: Promise<void> = Promise.resolve();

  constructor(world: RunsWorld, events: RunEvents) {
    this.#world = world;
    this.#events = events;
    const runs = join(world.runs, world.mark.service);
    this.#shim = new Shim(join(world.shims, world.mark.service), runs, world);
    this.#spare = new SpareFolder(runs);
    this.#live = new LiveRuns(world, () => this.#shim.process);
    this.#holding = new Holding(this.#shim, (except) => this.#live.anyLives(except));
    this.#ending = new TreeEnding(this.#live, world.processes, this.#timers, (live) => {
      this.#forget(live);
      if (!this.#standby.emptied(live)) events.gone(live.run);
    });
    this.#standby = new Standby({
      processes: world.processes,
      runs: world.runs,
      service: world.mark.service,
      live: this.#live,
      shim: this.#shim,
      ending: this.#ending,
      timers: this.#timers,
      watcher: (live) => this.#watcher(live),
    });
  }

  /** What waits to become a run. */
  get standby(): Pick<
    Standby,
    'place' | 'prepare' | 'process' | 'ready' | 'forgetScript' | 'drop' | 'endLeft'
  > {
    return this.#standby;
  }

  get shim(): ProcessId | null {
    return this.#shim.process;
  }

  /** The sockets that its shim holds for the runs; null: none. */
  get held(): HeldRecord | null {
    return this.#shim.look().held;
  }

  /**
   * Before `hold`: a shim that holds something else than is wished ends, with what its earlier runs left behind; one below
   * which a run lives stays. Resolves when that is done, and when what was let go before is free.
   */
  async makeRoom(wish: HoldWish | null): Promise<void> {
    await this.#released;
    // It has a part in what is held.
    if (!isHeldAs(this.#shim.look().held, wish)) await this.#standby.drop();
    if (!this.#holding.isInTheWay(wish)) return;
    await this.sweepAll();
    if (this.#holding.isInTheWay(wish)) await this.#shim.ended();
  }

  /** What the run that is launched next, in the same turn, finds held; null: nothing is to be. */
  hold(wish: HoldWish | null): Hold {
    return this.#holding.hold(wish);
  }

  /** The run for which `hold` was called is not launched. */
  letGo(): void {
    this.#holding.letGo();
  }

  /** Resolves when nothing is held any more: at once, unless the service was just retired. */
  released(): Promise<void> {
    return this.#released;
  }

  /** Lets go of what is held, unless a run lives; whoever makes room from now on waits for it, and binds anew. */
  release(): Promise<void> {
    const before = this.#released;
    const letGo = async () => {
      await before;
      await this.sweepAll();
      await this.#standby.drop();
      if (!this.#live.anyLives()) this.#endShim();
      await this.#shimEnded;
    };
    this.#released = letGo();
    return this.#released;
  }

  process(run: number): ProcessId | null {
    return this.#live.get(run)?.process ?? null;
  }

  /** The slot for a run that is to be launched; null when too many runs are still ending. */
  freeSlot(): number | null {
    return this.#shim.freeSlot();
  }

  /** Throws what the file system throws when its folder cannot be made. */
  launch(record: RunRecord, script: string): void {
    this.#retired = false;
    try {
      const folder = createRunFolder(this.#world.runs, record, script, (path) => this.#spare.take(path));
      reach('launch-folder');
      this.#begin(this.#live.add(record.run, record.slot, folder));
    } finally {
      // Where no shim came to be that would hold it.
      this.#holding.letGo();
    }
  }

  /** What is ready on standby is this run from now on; its record, as it is on disk. Throws as `launch`. */
  launchStandby(record: RunRecord, release: Release): RunRecord {
    this.#retired = false;
    const { live, record: kept } = this.#standby.become(record, release);
    // Not before whoever launches it is ready to hear of it.
    setImmediate(() => {
      if (live.process !== null && live.exit === null) this.#events.started(live.run, live.process);
    });
    this.#holding.letGo();
    return kept;
  }

  /** Puts the shim's record, removed from disk, in place again. Throws what the file system throws. */
  recordAgain(): void {
    this.#shim.recordAgain();
  }

  /** Takes over a run that an earlier daemon launched. */
  adopt(record: RunRecord): void {
    const folder = runFolder(this.#world.runs, record.service, record.run);
    const live = this.#addRecorded(record, folder);
    live.process = record.process ?? processOf(folder, this.#world.processes);
    if (live.process !== null) live.wrapper = this.#world.processes.get(live.process.pid)?.ppid ?? 0;
    this.#shim.recognise(live.wrapper);
    // The daemon before may have had it pause.
    if (live.process !== null && isAlive(this.#world.processes, live.process))
      signalGroup(live.process.pid, 'SIGCONT');
    this.#shim.adopt(record.slot, this.#watcher(live));
  }

  /** One that ended under an earlier daemon, and what it left behind may live: `sweep` ends that. */
  adoptEnded(record: RunRecord): void {
    const folder = runFolder(this.#world.runs, record.service, record.run);
    const live = this.#addRecorded(record, folder);
    live.process = record.process ?? processOf(folder, this.#world.processes);
    live.exit = record.exit ?? folder.readExit()?.exit ?? { unknown: true };
  }

  /**
   * Whether the shim has begun a run that has not yet said who it is, or may still do so. Waits for the shim to have
   * caught up; one that lives and does not answer in time (a machine that is very busy) has not forgotten the run.
   */
  async wasBegun(run: number): Promise<boolean> {
    const hasCaughtUp = await this.#shim.sync(`${process.pid}-${run}`);
    if (runFolder(this.#world.runs, this.#world.mark.service, run).taken()) return true;
    const live = this.#live.get(run);
    if (hasCaughtUp || live === undefined || this.#shim.process === null) return false;
    this.#timers.later(BEGIN_MS, () => this.#checkBegun(live));
    return true;
  }

  /** A run that the shim never began has ended before it was anything. */
  abandon(run: number): void {
    const live = this.#live.get(run);
    if (live === undefined) return;
    this.#shim.giveUp(live.slot);
    this.#ended(live, { unknown: true });
  }

  /** Sends the stop signal to the run's group; `gone` follows when nothing is left. Never sent twice. */
  terminate(run: number, signal: NodeJS.Signals): void {
    const live = this.#live.get(run);
    if (live === undefined) this.#events.gone(run);
    else this.#ending.terminate(live, signal);
    reach('terminated');
  }

  /** SIGKILLs everything of the run, again and again until nothing is left. */
  kill(run: number): void {
    const live = this.#live.get(run);
    if (live === undefined) this.#events.gone(run);
    else this.#ending.kill(live);
  }

  /** Ends what a run left behind that ended by itself. Resolves when nothing of it is left. */
  async sweep(run: number, atOnce = false): Promise<void> {
    const live = this.#live.get(run);
    if (live === undefined) return;
    await this.#ending.sweep(live, atOnce);
    this.#forget(live);
  }

  /** Ends what all runs that have ended left behind. */
  async sweepAll(): Promise<void> {
    await Promise.all(this.#live.ended.map((live) => this.sweep(live.run, true)));
  }

  /** Ends a process of this service that belongs to no run we know of, whatever started it; while that is wanted. */
  endStray(pid: number, isWanted: () => boolean): Promise<void> {
    return this.#ending.endStray(pid, isWanted);
  }

  /** Stops a run (SIGSTOP) that prints faster than can be copied, and lets it go on. */
  pause(run: number, isPaused: boolean): void {
    const live = this.#live.get(run);
    if (live?.process == null || live.exit !== null || live.ending !== null) return;
    if (isAlive(this.#world.processes, live.process))
      signalGroup(live.process.pid, isPaused ? 'SIGSTOP' : 'SIGCONT');
  }

  /** A quick look, without reading the process table: does anything of an ended run's group live? */
  leavesSomething(): boolean {
    return this.#live.ended.some((live) => live.process !== null && signalGroup(live.process.pid, 0));
  }

  /** Everything of a live run: for its CPU and memory, and for who owns a port. */
  tree(run: number): ProcessInfo[] {
    const live = this.#live.get(run);
    return live === undefined ? [] : this.#live.tree(live);
  }

  /** The service is at rest: its shim is needed no longer. */
  retire(): void {
    this.#retired = true;
    const dropped = this.#standby.drop();
    if (this.#live.isEmpty) this.#endShim();
    else if (dropped !== null)
      this.#released = Promise.all([this.#released, dropped]).then(() => this.#shimEnded);
  }

  /** The daemon ends; the processes go on. */
  close(): void {
    this.#timers.clear();
    this.#holding.letGo();
    this.#shim.close();
  }

  #watcher(live: LiveRun): RunWatcher {
    return {
      onPid: (process, wrapper) => {
        live.process = process;
        live.wrapper = wrapper;
        this.#events.started(live.run, process);
        this.#ending.signal(live);
      },
      onExit: (exit) => this.#ended(live, exit),
      onLost: (free) => this.#lost(live, free),
    };
  }

  /** A shim that was killed before it read its command has lost it: a new one is told. */
  #checkBegun(live: LiveRun, shims = 1): void {
    if (live.process !== null || live.exit !== null || live.folder.taken()) return;
    // One whose pipe was removed before it read its command hears nothing any more.
    if (this.#shim.mayHear) return this.#timers.later(BEGIN_MS, () => this.#checkBegun(live, shims));
    if (live.ending !== null || shims === MOST_SHIMS) {
      this.#shim.giveUp(live.slot);
      return this.#ended(live, { unknown: true });
    }
    try {
      this.#shim.relaunch(live.run, live.slot, this.#watcher(live), this.#holding.takeAgain(live.run));
      this.#timers.later(BEGIN_MS, () => this.#checkBegun(live, shims + 1));
    } catch {
      this.#shim.giveUp(live.slot);
      this.#ended(live, { unknown: true });
    }
  }

  #ended(live: LiveRun, exit: Exit): void {
    if (live.exit !== null) return;
    live.exit = exit;
    this.#events.exited(live.run, exit);
    // Its successor is launched first.
    setImmediate(() => live.folder.forgetScript());
    if (live.ending !== null) this.#ending.watch(live);
  }

  /** Nobody waits for the process any more. Its exit may be on disk; else look now and then whether it lives. */
  #lost(live: LiveRun, free: () => void): void {
    if (live.exit !== null) return free();
    const told = live.folder.readExit();
    if (told !== null) {
      free();
      return this.#ended(live, told.exit);
    }
    // An adopted run that its shim has yet to begin: there was no wrapper that could have gone.
    if (this.#isToldOnly(live)) return this.#shim.expect(live.slot, this.#watcher(live));
    live.process ??= processOf(live.folder, this.#world.processes);
    const lives = live.process !== null && isAlive(this.#world.processes, live.process);
    // A wrapper that cannot be heard writes the exit down all the same, and may have done so since we looked.
    if (!lives && this.#shim.above(live.wrapper) === null) {
      free();
      return this.#ended(live, live.folder.readExit()?.exit ?? { unknown: true });
    }
    this.#timers.later(ORPHAN_LOOK, () => this.#lost(live, free));
  }

  #isToldOnly(live: LiveRun): boolean {
    return live.process === null && !live.folder.taken() && this.#shim.process !== null;
  }

  #forget(live: LiveRun): void {
    this.#live.delete(live);
    if (this.#retired && this.#live.isEmpty) this.#endShim();
  }

  #endShim(): void {
    // A second call finds no shim any more, and is not to be told that the first one's is gone.
    const ending = Promise.all([this.#shimEnded, this.#shim.ended()]).then(() => {});
    this.#shimEnded = ending;
    this.#released = Promise.all([this.#released, ending]).then(() => {});
  }

  #addRecorded({ run, slot, standby }: RunRecord, folder: RunFolder): LiveRun {
    const live = this.#live.add(run, slot, folder, standby?.name);
    live.since = standby?.since ?? null;
    return live;
  }

  #begin(live: LiveRun): void {
    try {
      this.#shim.launch(live.run, live.slot, this.#watcher(live), this.#holding.take());
      this.#timers.later(BEGIN_MS, () => {
        this.#checkBegun(live);
        this.#spare.prepare();
      });
    } catch (error) {
      this.#live.delete(live);
      throw error;
    }
  }
}
