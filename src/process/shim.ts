/** One service's shim, from the daemon's side: starting it, finding it again, having it start runs. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Exit } from '../contract/facts.ts';
import { ProcessId } from '../contract/process-id.ts';
import { makePrivateFolder, readJson, readText, writeJson } from '../platform/files.ts';
import { isAlive, type Processes } from '../platform/proc.ts';
import { reach } from '../platform/reach.ts';
import { exitOfShellCode } from './exit.ts';
import { isHeard, makeFifos, readFifo, writeFifo } from './fifo.ts';
import { HeldRecord } from './held-record.ts';
import { type Bound, closeAll, stdioOf } from './held-sockets.ts';
import { parsePidLine } from './run-folder.ts';
import { signalProcess } from './signals.ts';

/** Runs that may have a wrapper at the same time: the old one, the new one, one on standby, and ones that were replaced meanwhile. */
export const SLOTS = 5;

export interface RunWatcher {
  onPid(process: ProcessId, wrapper: number): void;
  onExit(exit: Exit): void;
  /**
   * The wrapper is gone and told no exit: it was killed itself. The run may live on, and its slot is nobody else's until
   * `free` is called: a daemon that finds its record listens there again.
   */
  onLost(free: () => void): void;
}

export interface ShimWorld {
  processes: Processes;
  /** Where `dist/shim.sh` is. */
  script: string;
  /** Put before the shim's command line to make it a subreaper; empty where that cannot be had. */
  subreaper: string[];
  /** The environment of the shim and, with additions, of all its runs. */
  env: NodeJS.ProcessEnv;
}

/** `held` and `boot` (see `Processes.bootId`): missing where an earlier version wrote it. */
const Record = z.object({
  process: ProcessId,
  held: z.optional(z.nullable(HeldRecord)),
  boot: z.optional(z.string()),
});

/** ms until a record is tried again that could not be written. */
const SAVE_AGAIN_MS = 500;
/** ms between looks at a shim that was told to end, and until it is made to. */
const END_LOOK = 2;
const END_MS = 500;

export class Shim {
  readonly #folder: string;
  readonly #runs: string;
  readonly #world: ShimWorld;
  /** Who listens at each slot that is taken. */
  readonly #slots = new Map<number, { watcher: RunWatcher; close: () => void }>();
  #process: ProcessId | null;
  #held: HeldRecord | null;

  /** `folder`: the shim's own; `runs`: the folder of the service's run folders. */
  constructor(folder: string, runs: string, world: ShimWorld) {
    this.#folder = folder;
    this.#runs = runs;
    this.#world = world;
    const found = Record.safeParse(readJson(join(folder, 'shim.json')));
    // After a reboot its number may be anybody's, with the very start time that it had.
    const isOfThisBoot = found.success && (found.data.boot ?? this.#boot) === this.#boot;
    this.#process = isOfThisBoot ? found.data.process : null;
    this.#held = isOfThisBoot ? (found.data.held ?? null) : null;
  }

  /** Makes the FIFOs of several shims with one process. */
  static prepare(folders: string[]): void {
    for (const folder of folders) makePrivateFolder(folder);
    makeFifos(
      folders.flatMap((folder) => [join(folder, 'cmd'), ...slotNames().map((name) => join(folder, name))]),
    );
  }

  /** The shim's process, or null when none lives. */
  get process(): ProcessId | null {
    if (this.#process !== null && !isAlive(this.#world.processes, this.#process)) this.#process = null;
    return this.#process;
  }

  /**
   * Its process and what it holds for its runs; both null when none lives. One that cannot be told to begin a run,
   * since its pipe was removed with `.upkeep`, holds nothing for the next.
   */
  look(): { process: ProcessId | null; held: HeldRecord | null } {
    return { process: this.process, held: this.hears ? this.#held : null };
  }

  /** It lives, and its pipe is where it is written to. */
  get hears(): boolean {
    return this.process !== null && isHeard(join(this.#folder, 'cmd'));
  }

  /** A young shim does not hear yet; one whose pipe was removed never will again. */
  get mayHear(): boolean {
    return this.process !== null && existsSync(join(this.#folder, 'cmd'));
  }

  /** Has the end of a slot told whose wrapper came and went before anybody listened there. */
  poke(slot: number): void {
    // A FIFO tells its end only after a writer has come and gone: be that writer.
    writeFifo(join(this.#folder, slotName(slot)), '');
  }

  /** A free slot, or null when too many runs still end. */
  freeSlot(): number | null {
    for (let slot = 0; slot < SLOTS; slot++) if (!this.#slots.has(slot)) return slot;
    return null;
  }

  /** How many more runs it may have now. */
  get freeSlots(): number {
    return SLOTS - this.#slots.size;
  }

  isFree(slot: number): boolean {
    return !this.#slots.has(slot);
  }

  /** Has what is prepared in the folder of this name started. False: no shim lives. Throws what the file system throws. */
  tell(name: string, slot: number, watcher: RunWatcher): boolean {
    if (this.process === null) return false;
    this.#listen(slot, watcher);
    let isTold = false;
    try {
      isTold = writeFifo(join(this.#folder, 'cmd'), `run ${name} ${slot}`);
    } finally {
      if (!isTold) this.#release(slot);
    }
    return isTold;
  }

  /** Has the prepared run started; a shim is started first when there is none, and then it holds `bound`, which is closed here. */
  launch(run: number, slot: number, watcher: RunWatcher, bound: Bound | null = null): void {
    // Removed with `.upkeep`: made anew, and the shim that still listens to the old ones is of no use.
    if (!existsSync(join(this.#folder, slotName(slot)))) Shim.prepare([this.#folder]);
    this.#listen(slot, watcher);
    try {
      // Nobody else holds the other end: that it can be written says that the shim lives.
      if (this.#process !== null && writeFifo(join(this.#folder, 'cmd'), `run ${run} ${slot}`))
        return reach('launch-told');
      this.#endDeaf();
      this.#spawn(run, slot, bound);
    } catch (error) {
      this.#release(slot);
      throw error;
    } finally {
      closeAll(bound?.sockets ?? []);
    }
  }

  /** A run that a shim was told to begin, which died before it did, or hears nothing any more: told again, to a new one. */
  relaunch(run: number, slot: number, watcher: RunWatcher, bound: Bound | null = null): void {
    this.#release(slot);
    this.launch(run, slot, watcher, bound);
  }

  /**
   * Listens again to a run that an earlier daemon launched; `onLost` follows when its wrapper is gone. So it does for
   * both of two that say the same slot: what is heard there cannot be told apart.
   */
  adopt(slot: number, watcher: RunWatcher): void {
    const other = this.#slots.get(slot);
    if (other !== undefined) {
      const free = this.#reserve(slot, watcher);
      // Not before both are done: what the other one's wrapper says would be taken for another run's.
      const waiting = new Set([other.watcher, watcher]);
      setImmediate(() => {
        for (const each of [...waiting])
          each.onLost(() => {
            waiting.delete(each);
            if (waiting.size === 0) free();
          });
      });
      return;
    }
    this.#listen(slot, watcher);
    this.poke(slot);
  }

  /**
   * The daemon that spawned the shim may have died before it wrote that down. The wrapper of an adopted run, which it
   * forked, has its parent and its command line: below it stand orphans that nothing else tells of.
   */
  recognise(wrapper: number): void {
    if (this.process !== null) return;
    const shim = this.above(wrapper);
    if (shim === null) return;
    this.#process = shim;
    this.#saveSoon(this.#process);
  }

  /** The shim of this service that forked this wrapper; null: it is none, or does not live. */
  above(wrapper: number): ProcessId | null {
    const { processes } = this.#world;
    const parent = processes.get(processes.get(wrapper)?.ppid ?? 0);
    const isIt = parent !== null && this.#isOurs(wrapper) && this.#isOurs(parent.pid);
    return isIt ? { pid: parent.pid, start: parent.start } : null;
  }

  #isOurs(pid: number): boolean {
    return this.#world.processes.commandLine(pid)?.includes(`shim.sh ${this.#folder} `) === true;
  }

  /** Listens for a run that the shim has been told of and has not begun: no wrapper has come yet that could be gone. */
  expect(slot: number, watcher: RunWatcher): void {
    this.#release(slot);
    this.#listen(slot, watcher);
  }

  /** Nobody will speak through this slot any more. */
  giveUp(slot: number): void {
    this.#release(slot);
  }

  /** Ends the shim once nothing runs below it. */
  end(): void {
    if (this.process !== null && !writeFifo(join(this.#folder, 'cmd'), 'end')) this.#endDeaf();
    this.#process = null;
  }

  /** As `end`, and resolves when its process is gone and all that it held is free. */
  async ended(): Promise<void> {
    const { process } = this;
    if (process === null) return;
    this.end();
    const { processes } = this.#world;
    for (let waited = 0; isAlive(processes, process); waited += END_LOOK) {
      if (waited >= END_MS) signalProcess(processes, process, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, END_LOOK));
    }
  }

  /** Resolves once the shim has carried out everything it was told before; false when it is dead or does not answer. */
  async sync(token: string, timeout = 1_000): Promise<boolean> {
    if (this.process === null || !writeFifo(join(this.#folder, 'cmd'), `sync ${token}`)) return false;
    for (let waited = 0; waited < timeout; waited += 2) {
      if (readText(join(this.#folder, 'synced'))?.trim() === token) return true;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return false;
  }

  /** It lives, but its command FIFO was removed: nobody will ever tell it anything. Its runs go on without it. */
  #endDeaf(): void {
    if (this.process !== null) signalProcess(this.#world.processes, this.process, 'SIGKILL');
  }

  /** Its record was removed from disk: without it the next daemon would not know the shim. */
  recordAgain(): void {
    if (this.process !== null) this.#save(this.process);
  }

  #save(process: ProcessId): void {
    writeJson(join(this.#folder, 'shim.json'), { process, held: this.#held, boot: this.#boot });
  }

  get #boot(): string {
    return this.#world.processes.bootId();
  }

  #release(slot: number): void {
    this.#slots.get(slot)?.close();
    this.#slots.delete(slot);
  }

  /** Nobody is heard there any more, and nobody else may be, until what this hands back is called. */
  #reserve(slot: number, watcher: RunWatcher): () => void {
    this.#slots.get(slot)?.close();
    const reserved = { watcher, close: () => {} };
    this.#slots.set(slot, reserved);
    return () => {
      // By now it may be another run's.
      if (this.#slots.get(slot) === reserved) this.#release(slot);
    };
  }

  /** The daemon ends; shim and runs go on. */
  close(): void {
    for (const slot of [...this.#slots.keys()]) this.#release(slot);
  }

  #listen(slot: number, watcher: RunWatcher): void {
    const path = join(this.#folder, slotName(slot));
    let told = false;
    const onLine = (line: string) => {
      const [, verb, rest = ''] = /^(\w+) (.*)$/.exec(line) ?? [];
      if (verb === 'pid') this.#reportPid(rest, watcher);
      if (verb === 'exit') {
        told = true;
        watcher.onExit(exitOfShellCode(Number(rest)));
      }
    };
    // The slot is free only now: until the wrapper has let go of the FIFO, a new reader would take its end for its own.
    const onEnd = () => {
      if (told) return this.#release(slot);
      watcher.onLost(this.#reserve(slot, watcher));
    };
    this.#slots.set(slot, { watcher, close: readFifo(path, onLine, onEnd) });
  }

  #reportPid(line: string, watcher: RunWatcher): void {
    const parsed = parsePidLine(line);
    if (parsed === null) return;
    const info = this.#world.processes.get(parsed.pid);
    const start = Number.isNaN(parsed.start) ? (info?.start ?? 0) : parsed.start;
    const wrapper = line.includes(')')
      ? Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1])
      : (info?.ppid ?? 0);
    watcher.onPid({ pid: parsed.pid, start }, wrapper);
  }

  #spawn(run: number, slot: number, bound: Bound | null): void {
    const { subreaper, script, env } = this.#world;
    const argv = [...subreaper, 'sh', script, this.#folder, this.#runs, String(run), String(slot)];
    const stdio = bound === null ? 'ignore' : stdioOf(bound.record, bound.sockets);
    const child = spawn(argv[0] ?? 'sh', argv.slice(1), { detached: true, stdio, env, cwd: '/' });
    child.on('error', () => undefined);
    child.unref();
    // The error comes later; whatever is wrong with the program is so on every machine, so it is this one's state.
    if (child.pid === undefined)
      throw Object.assign(new Error('the shim could not be started'), { code: 'EAGAIN' });
    reach('shim-spawned');
    const start = this.#world.processes.get(child.pid)?.start ?? 0;
    this.#process = { pid: child.pid, start };
    this.#held = bound?.record ?? null;
    this.#saveSoon(this.#process);
  }

  /** It lives and begins the run, so a full disk must not make its launch one that failed. */
  #saveSoon(process: ProcessId): void {
    if (this.#process !== process) return;
    try {
      this.#save(process);
    } catch {
      setTimeout(() => this.#saveSoon(process), SAVE_AGAIN_MS).unref();
    }
  }
}

function slotName(slot: number): string {
  return `life.${slot}`;
}

function slotNames(): string[] {
  return Array.from({ length: SLOTS }, (_, slot) => slotName(slot));
}
