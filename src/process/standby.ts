/**
 * The process of a service that waits to become its next run (see contract/standby.ts), from its launch to the moment at
 * which it is a run like any other, or nothing of it is left. There is at most one that may become a run.
 */
import { closeSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Exit } from '../contract/facts.ts';
import type { ProcessId } from '../contract/process-id.ts';
import { RELEASE_FILE, type Release, STANDBY_FIFO } from '../contract/standby.ts';
import { isAlive, type Processes } from '../platform/proc.ts';
import { reach } from '../platform/reach.ts';
import { holdFifo, isHeard, makeFifo } from './fifo.ts';
import type { LiveRun } from './live-run.ts';
import type { LiveRuns } from './live-runs.ts';
import { keepScript, makeBlankFolder, processOf, type RunRecord, runFolder } from './run-folder.ts';
import type { RunWatcher, Shim } from './shim.ts';
import { signalGroup } from './signals.ts';
import { leftStandbys, standbyName } from './standby-name.ts';
import type { Timers } from './timers.ts';
import type { TreeEnding } from './tree-ending.ts';

/** Where one is prepared. */
export interface StandbyPlace {
  name: string;
  slot: number;
  /** Absolute paths of its report and of its FIFO. */
  report: string;
  fifo: string;
}

export interface StandbyWorld {
  processes: Processes;
  /** Folder of all run folders. */
  runs: string;
  service: string;
  live: LiveRuns;
  shim: Shim;
  ending: TreeEnding;
  timers: Timers;
  /** Who listens to it once it is a run. */
  watcher(live: LiveRun): RunWatcher;
}

interface Waiting {
  place: StandbyPlace;
  live: LiveRun;
  /** Closed, it looks what has become of it. */
  writer: number;
  /** Below this one it was launched, with what that holds. */
  shim: ProcessId;
  onEnd: () => void;
}

/** A run may come at any time, and another one still end: so many slots are left to them. */
const SLOTS_LEFT = 2;
/** After this many ms a shim that was told to begin it is asked for whether it still lives. */
const BEGIN_MS = 1_000;

export class Standby {
  readonly #world: StandbyWorld;
  #waiting: Waiting | null = null;
  /** What is being ended, and who waits for that. */
  readonly #ending = new Map<LiveRun, { gone: Promise<void>; resolve: () => void }>();
  #number = 0;

  constructor(world: StandbyWorld) {
    this.#world = world;
  }

  /** Where the next one may be prepared; null when runs may need the room. */
  place(): StandbyPlace | null {
    const { shim, runs, service, processes } = this.#world;
    const slot = shim.freeSlots > SLOTS_LEFT ? shim.freeSlot() : null;
    if (slot === null) return null;
    const name = standbyName(slot, processes.bootId());
    const { path, report } = runFolder(runs, service, name);
    return { name, slot, report, fifo: join(path, STANDBY_FIFO) };
  }

  /**
   * Launches one with `script`, if `isWanted` still says so when its folder is made. `onEnd`: it ended by itself. False:
   * it was not launched. Rejects with what the file system says.
   */
  async prepare(
    place: StandbyPlace,
    script: string,
    isWanted: () => boolean,
    onEnd: () => void,
  ): Promise<boolean> {
    const { live, shim, runs, service } = this.#world;
    const folder = runFolder(runs, service, place.name);
    try {
      makeBlankFolder(folder.path);
      keepScript(folder, script);
      await makeFifo(place.fifo);
    } catch (error) {
      folder.remove();
      throw error;
    }
    const below = shim.process;
    const mayBegin = isWanted() && below !== null && this.#waiting === null && shim.isFree(place.slot);
    if (!mayBegin) {
      folder.remove();
      return false;
    }
    const writer = holdFifo(place.fifo);
    const its = live.add(this.#nextNumber(), place.slot, folder, place.name);
    this.#waiting = { place, live: its, writer, shim: below, onEnd };
    try {
      if (!shim.tell(place.name, place.slot, this.#watcher(its))) throw new Error('no shim listens');
    } catch (error) {
      this.#forget(its);
      throw error;
    }
    reach('standby-told');
    this.#expectBegun(its);
    return true;
  }

  /** The one that waits, with all that it needs in it; null: none does. */
  ready(): StandbyPlace | null {
    const waiting = this.#waiting;
    if (waiting === null || waiting.live.process === null || waiting.live.exit !== null) return null;
    const { processes, shim } = this.#world;
    const isBelow = shim.process?.pid === waiting.shim.pid && shim.process.start === waiting.shim.start;
    const waits = isBelow && isHeard(waiting.place.fifo) && isAlive(processes, waiting.live.process);
    return waits ? waiting.place : null;
  }

  /** The process of the one that waits; null: none is known. */
  get process(): ProcessId | null {
    return this.#waiting?.live.process ?? null;
  }

  /** Its script has been read, and may hold secrets. */
  forgetScript(): void {
    this.#waiting?.live.folder.forgetScript();
  }

  /** Makes the one that is `ready` this run. Throws what the file system throws: then it is none. */
  become(record: RunRecord, release: Release): { live: LiveRun; record: RunRecord } {
    const waiting = this.#waiting;
    if (waiting === null) throw new Error('nothing is on standby');
    const { live, place, writer } = waiting;
    const { path } = live.folder;
    const since = this.#world.processes.now();
    writeFileSync(join(path, RELEASE_FILE), JSON.stringify(release), { mode: 0o600 });
    const its = { ...record, process: live.process, standby: { name: place.name, since } };
    live.folder.save(its);
    symlinkSync(place.name, join(dirname(path), String(record.run)));
    reach('standby-linked');
    this.#waiting = null;
    this.#world.live.become(live, record.run, since);
    closeSync(writer);
    reach('standby-released');
    return { live, record: its };
  }

  /** Nobody wants it any more. Resolves when nothing is left of it; null: there is none. */
  drop(): Promise<unknown> | null {
    if (this.#waiting !== null) this.#end(this.#waiting.live);
    if (this.#ending.size === 0) return null;
    return Promise.all(Array.from(this.#ending.values(), ({ gone }) => gone));
  }

  /** Those of an earlier daemon end by themselves; what is left is seen to. */
  endLeft(): void {
    const { runs, service, processes, live, shim } = this.#world;
    for (const { name, slot } of leftStandbys(runs, service, processes.bootId())) {
      const folder = runFolder(runs, service, name);
      if (slot === null || !shim.isFree(slot)) {
        folder.remove();
        continue;
      }
      const its = live.add(this.#nextNumber(), slot, folder, name);
      its.process = processOf(folder, processes);
      its.wrapper = its.process === null ? 0 : (processes.get(its.process.pid)?.ppid ?? 0);
      if (folder.taken()) shim.adopt(its.slot, this.#watcher(its));
      else shim.expect(its.slot, this.#watcher(its));
      this.#end(its);
      if (!folder.taken()) void shim.sync(name).then((isDone) => this.#expectBegun(its, isDone));
    }
  }

  /** Nothing is left of `live`. False: it was none of these. */
  emptied(live: LiveRun): boolean {
    const ending = this.#ending.get(live);
    if (ending === undefined) return false;
    this.#ending.delete(live);
    live.folder.remove();
    ending.resolve();
    return true;
  }

  #watcher(live: LiveRun): RunWatcher {
    const asRun = this.#world.watcher(live);
    return {
      onPid: (process, wrapper) => {
        if (live.run > 0) return asRun.onPid(process, wrapper);
        live.process = process;
        live.wrapper = wrapper;
        this.#kill(live);
      },
      onExit: (exit) => (live.run > 0 ? asRun.onExit(exit) : this.#ended(live, exit)),
      onLost: (free) => {
        if (live.run > 0) return asRun.onLost(free);
        free();
        this.#ended(live, { unknown: true });
      },
    };
  }

  #ended(live: LiveRun, exit: Exit): void {
    if (live.exit !== null) return;
    live.exit = exit;
    const { onEnd } = this.#waiting?.live === live ? this.#waiting : { onEnd: () => {} };
    this.#end(live);
    onEnd();
  }

  #end(live: LiveRun): void {
    if (this.#waiting?.live === live) {
      closeSync(this.#waiting.writer);
      this.#waiting = null;
    }
    if (!this.#ending.has(live)) {
      let resolve = () => {};
      const gone = new Promise<void>((done) => {
        resolve = done;
      });
      this.#ending.set(live, { gone, resolve });
    }
    this.#kill(live);
    this.#world.ending.kill(live);
  }

  /** At once, before the process table is read. */
  #kill(live: LiveRun): void {
    if (!this.#ending.has(live) || live.exit !== null || live.process === null) return;
    if (isAlive(this.#world.processes, live.process)) signalGroup(live.process.pid, 'SIGKILL');
  }

  /**
   * A shim that was killed before it came to it never will, nor will one that hears nothing since `.upkeep` was removed;
   * `isSure`: it has done all that it was told.
   */
  #expectBegun(live: LiveRun, isSure = false): void {
    if (live.run > 0 || live.process !== null || live.exit !== null) return;
    const { shim, timers } = this.#world;
    const isTaken = live.folder.taken();
    if (!isTaken && (isSure || !shim.hears)) {
      shim.giveUp(live.slot);
      return this.#ended(live, { unknown: true });
    }
    if (isTaken) shim.poke(live.slot);
    timers.later(BEGIN_MS, () => this.#expectBegun(live));
  }

  /** It was not even told. */
  #forget(live: LiveRun): void {
    if (this.#waiting?.live === live) closeSync(this.#waiting.writer);
    this.#waiting = null;
    this.#world.live.delete(live);
    live.folder.remove();
  }

  /** Below those of the runs. */
  #nextNumber(): number {
    this.#number -= 1;
    return this.#number;
  }
}
