/**
 * The runs of one service as processes: launches them through its shim, tells what becomes of them,
 * ends whole trees. Knows nothing of why.
 */
import { join } from 'node:path';
import type { Exit, ProcessId } from '../contract/facts.ts';
import { isAlive, type ProcessInfo } from '../platform/proc.ts';
import type { LiveRun } from './live-run.ts';
import { membersOf } from './members.ts';
import { createRunFolder, type RunFolder, type RunRecord, runFolder } from './run-folder.ts';
import { type RunWatcher, Shim, type ShimWorld } from './shim.ts';
import { signalGroup, signalProcess } from './signals.ts';

export interface RunEvents {
  /** The process exists and said who it is. */
  started(run: number, process: ProcessId): void;
  /** Its own process ended; others of its tree may live on. */
  exited(run: number, exit: Exit): void;
  /** After `terminate` or `kill`: nothing of its tree is left. */
  gone(run: number): void;
}

export interface RunsWorld extends ShimWorld {
  /** Folder of all run folders. */
  runs: string;
  /** Folder of all shims. */
  shims: string;
  /** The mark that this service's processes carry in their environment. */
  mark: { workspace: string; service: string };
}

/** How often a tree that is to end is looked at, in ms: soon at first, then rarely. */
const LOOKS = [2, 5, 10, 20, 50, 100];
/** ms from the end of a run to the first look at what it left behind. */
const SWEEP_DELAY = 50;
/** How often a run whose wrapper was killed is looked at, in ms. */
const ORPHAN_LOOK = 500;
/** A shim begins a run in a few ms; after this many it is asked for whether it still lives. */
const BEGIN_MS = 1_000;

export class Runs {
  readonly #world: RunsWorld;
  readonly #events: RunEvents;
  readonly #shim: Shim;
  readonly #live = new Map<number, LiveRun>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #retired = false;

  constructor(world: RunsWorld, events: RunEvents) {
    this.#world = world;
    this.#events = events;
    this.#shim = new Shim(join(world.shims, world.mark.service), join(world.runs, world.mark.service), world);
  }

  get shim(): ProcessId | null {
    return this.#shim.process;
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
    const folder = createRunFolder(this.#world.runs, record, script);
    const live = this.#track(record, folder);
    try {
      this.#shim.launch(record.run, record.slot, this.#watcher(live));
      this.#later(BEGIN_MS, () => this.#checkBegun(live));
    } catch (error) {
      this.#live.delete(live.run);
      throw error;
    }
  }

  /** A shim that was killed before it read its command has lost it: a new one is told. */
  #checkBegun(live: LiveRun): void {
    if (live.process !== null || live.exit !== null || live.folder.taken()) return;
    if (this.#shim.process !== null) return this.#later(BEGIN_MS, () => this.#checkBegun(live));
    if (live.ending !== null) return this.#ended(live, { unknown: true });
    try {
      this.#shim.relaunch(live.run, live.slot);
    } catch {
      this.#ended(live, { unknown: true });
    }
  }

  /** Puts the shim's record, removed from disk, in place again. Throws what the file system throws. */
  recordAgain(): void {
    this.#shim.recordAgain();
  }

  /** Takes over a run that an earlier daemon launched. */
  adopt(record: RunRecord): void {
    const folder = runFolder(this.#world.runs, record.service, record.run);
    const live = this.#track(record, folder);
    live.process = record.process ?? this.#readPid(folder);
    if (live.process !== null) live.wrapper = this.#world.processes.get(live.process.pid)?.ppid ?? 0;
    // The daemon before may have had it pause.
    if (live.process !== null && isAlive(this.#world.processes, live.process))
      signalGroup(live.process.pid, 'SIGCONT');
    this.#shim.adopt(record.slot, this.#watcher(live));
  }

  /** Whether the shim had begun a run that has not yet said who it is. Waits for the shim to have caught up. */
  async wasBegun(run: number): Promise<boolean> {
    await this.#shim.sync(`${process.pid}-${run}`);
    return runFolder(this.#world.runs, this.#world.mark.service, run).taken();
  }

  /** The run has got far enough to have read its script, which may hold secrets. */
  forgetScript(run: number): void {
    this.#live.get(run)?.folder.forgetScript();
  }

  /** Sends the stop signal to the run's group; `gone` follows when nothing is left. Never sent twice. */
  terminate(run: number, signal: NodeJS.Signals): void {
    const live = this.#live.get(run);
    if (live === undefined) return this.#events.gone(run);
    if (live.ending !== null) return;
    live.ending = signal;
    if (live.process !== null && live.exit === null) this.#signalAll(live, signal);
    this.#watchEnd(live);
  }

  /** SIGKILLs everything of the run, again and again until nothing is left. */
  kill(run: number): void {
    const live = this.#live.get(run);
    if (live === undefined) return this.#events.gone(run);
    live.ending ??= 'SIGKILL';
    live.killing = true;
    this.#watchEnd(live);
  }

  /** Ends what a run left behind that ended by itself. Resolves when nothing of it is left. */
  async sweep(run: number, atOnce = false): Promise<void> {
    const live = this.#live.get(run);
    if (live === undefined) return;
    // Its successor is launched first: reading the process table takes longer than starting a run.
    if (!atOnce) await this.#pause(SWEEP_DELAY);
    for (let look = 0; ; look++) {
      const left = this.#everyoneKnown() ? this.#tree(live, this.#startOfNewer(live)) : [];
      if (left.length === 0 && this.#everyoneKnown()) break;
      for (const info of left) signalProcess(this.#world.processes, info, look < 4 ? 'SIGTERM' : 'SIGKILL');
      await this.#pause(LOOKS[Math.min(look, LOOKS.length - 1)] ?? 100);
    }
    this.#forget(live);
  }

  /** Stops a run (SIGSTOP) that prints faster than can be copied, and lets it go on. */
  pause(run: number, isPaused: boolean): void {
    const live = this.#live.get(run);
    if (live?.process == null || live.exit !== null || live.ending !== null) return;
    if (isAlive(this.#world.processes, live.process))
      signalGroup(live.process.pid, isPaused ? 'SIGSTOP' : 'SIGCONT');
  }

  /** Ends what all runs that have ended left behind. */
  async sweepAll(): Promise<void> {
    await Promise.all(
      [...this.#live.values()].filter((live) => live.exit !== null).map((live) => this.sweep(live.run, true)),
    );
  }

  /** Ends a process of this service that belongs to no run we know of, whatever started it. */
  async endStray(pid: number): Promise<void> {
    const stray = this.#world.processes.get(pid);
    for (
      let look = 0;
      stray !== null && signalProcess(this.#world.processes, stray, look < 20 ? 'SIGTERM' : 'SIGKILL');
      look++
    ) {
      await this.#pause(LOOKS[Math.min(look, LOOKS.length - 1)] ?? 100);
    }
  }

  /** A run that the shim never began has ended before it was anything. */
  abandon(run: number): void {
    const live = this.#live.get(run);
    if (live !== undefined) this.#ended(live, { unknown: true });
  }

  /** A quick look, without reading the process table: does anything of an ended run's group live? */
  leavesSomething(): boolean {
    return [...this.#live.values()].some(
      (live) => live.exit !== null && live.process !== null && signalGroup(live.process.pid, 0),
    );
  }

  /** Everything of a live run: for its CPU and memory, and for who owns a port. */
  tree(run: number): ProcessInfo[] {
    const live = this.#live.get(run);
    return live === undefined ? [] : this.#tree(live, null);
  }

  /** The service is at rest: its shim is needed no longer. */
  retire(): void {
    this.#retired = true;
    if (this.#live.size === 0) this.#shim.end();
  }

  /** The daemon ends; the processes go on. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#shim.close();
  }

  #track(record: RunRecord, folder: RunFolder): LiveRun {
    const live: LiveRun = {
      run: record.run,
      slot: record.slot,
      folder,
      process: null,
      wrapper: 0,
      exit: null,
      ending: null,
      killing: false,
      looking: false,
    };
    this.#live.set(record.run, live);
    return live;
  }

  #watcher(live: LiveRun): RunWatcher {
    return {
      onPid: (process, wrapper) => {
        live.process = process;
        live.wrapper = wrapper;
        this.#events.started(live.run, process);
        if (live.ending !== null) this.#signalAll(live, live.ending);
      },
      onExit: (exit) => this.#ended(live, exit),
      onLost: () => this.#lost(live),
    };
  }

  #ended(live: LiveRun, exit: Exit): void {
    if (live.exit !== null) return;
    live.exit = exit;
    live.folder.forgetScript();
    this.#events.exited(live.run, exit);
    if (live.ending !== null) this.#watchEnd(live);
  }

  /** Nobody waits for the process any more. Its exit may be on disk; else look now and then whether it lives. */
  #lost(live: LiveRun): void {
    if (live.exit !== null) return;
    const told = live.folder.readExit();
    if (told !== null) return this.#ended(live, told.exit);
    live.process ??= this.#readPid(live.folder);
    if (live.process === null || !isAlive(this.#world.processes, live.process))
      return this.#ended(live, { unknown: true });
    this.#later(ORPHAN_LOOK, () => this.#lost(live));
  }

  /** Where a process can tell no more than its pid: it is this run's if it leads a group, as every run does. */
  #readPid(folder: RunFolder): ProcessId | null {
    const told = folder.readPid();
    if (told === null || !Number.isNaN(told.start)) return told;
    const info = this.#world.processes.get(told.pid);
    return info !== null && info.pgid === info.pid ? { pid: info.pid, start: info.start } : null;
  }

  /** Looks until the run's process has ended and its tree is empty. */
  #watchEnd(live: LiveRun): void {
    if (live.looking) return;
    live.looking = true;
    const look = (count: number) => {
      if (!this.#live.has(live.run)) return;
      const left = this.#tree(live, this.#startOfNewer(live));
      if (live.exit !== null && left.length === 0) {
        this.#forget(live);
        this.#events.gone(live.run);
        return;
      }
      for (const info of left) {
        if (live.killing) signalProcess(this.#world.processes, info, 'SIGKILL');
        // Its own process has ended: the rest would otherwise never be told to.
        else if (live.exit !== null && count === 0 && live.ending !== null)
          signalProcess(this.#world.processes, info, live.ending);
      }
      const waits = live.exit === null && !live.killing;
      if (waits) live.looking = false;
      else this.#later(LOOKS[Math.min(count, LOOKS.length - 1)] ?? 100, () => look(count + 1));
    };
    look(0);
  }

  #signalAll(live: LiveRun, signal: NodeJS.Signals): void {
    if (live.process === null) return;
    const { pid, start } = live.process;
    const info = this.#world.processes.get(pid);
    const own = info?.start === start && info.pgid === pid;
    if (own && signalGroup(pid, signal)) signalGroup(pid, 'SIGCONT');
    else for (const info of this.#tree(live, null)) signalProcess(this.#world.processes, info, signal);
  }

  #tree(live: LiveRun, before: number | null): ProcessInfo[] {
    const others = [...this.#live.values()].filter((other) => other !== live);
    return membersOf(live, others, this.#shim.process, before, this.#world);
  }

  #everyoneKnown(): boolean {
    return [...this.#live.values()].every((live) => live.process !== null || live.exit !== null);
  }

  /** Orphans of a newer run come back to the same shim: only what is older than it can be this run's. */
  #startOfNewer(live: LiveRun): number | null {
    const newer = [...this.#live.values()].filter((other) => other.run > live.run && other.process !== null);
    return newer.length === 0
      ? null
      : Math.min(...newer.map((other) => other.process?.start ?? Number.POSITIVE_INFINITY));
  }

  #forget(live: LiveRun): void {
    this.#live.delete(live.run);
    if (this.#retired && this.#live.size === 0) this.#shim.end();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#later(ms, resolve));
  }

  #later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }
}
