/** The live runs of one service, and which processes belong to which of them. */
import type { ProcessId } from '../contract/process-id.ts';
import type { ProcessInfo } from '../platform/proc.ts';
import type { LiveRun } from './live-run.ts';
import { type MembersWorld, membersOf } from './members.ts';
import type { RunFolder } from './run-folder.ts';

export class LiveRuns {
  readonly #live = new Map<number, LiveRun>();
  readonly #world: MembersWorld;
  readonly #shim: () => ProcessId | null;

  constructor(world: MembersWorld, shim: () => ProcessId | null) {
    this.#world = world;
    this.#shim = shim;
  }

  get isEmpty(): boolean {
    return this.#live.size === 0;
  }

  /** Those whose own process has ended, and whose tree may not have. */
  get ended(): LiveRun[] {
    return [...this.#live.values()].filter((live) => live.run > 0 && live.exit !== null);
  }

  /** Whether a run has a process or is about to get one, `except` left aside. */
  anyLives(except?: number): boolean {
    return [...this.#live.values()].some(({ run, exit }) => exit === null && run !== except);
  }

  get(run: number): LiveRun | undefined {
    return this.#live.get(run);
  }

  /** `mark`: what UPKEEP_RUN says in its environment, if not its number. */
  add(run: number, slot: number, folder: RunFolder, mark = String(run)): LiveRun {
    const live: LiveRun = {
      run,
      mark,
      since: null,
      slot,
      folder,
      process: null,
      wrapper: 0,
      exit: null,
      ending: null,
      killing: false,
      looking: false,
    };
    this.#live.set(run, live);
    return live;
  }

  /** It was on standby, and is this run from now on. `since`: kernel start time of what begins now. */
  become(live: LiveRun, run: number, since: number): void {
    this.#live.delete(live.run);
    live.run = run;
    live.since = since;
    this.#live.set(run, live);
  }

  delete(live: LiveRun): void {
    this.#live.delete(live.run);
  }

  /** Every process of the run; where an orphan could be a newer run's, it is counted too. */
  tree(live: LiveRun): ProcessInfo[] {
    return this.#members(live, null);
  }

  /**
   * What may be ended on account of this run: nothing of a newer one. While another run has not said who it is, what
   * stands below the shim may be its wrapper: then only what is surely this run's.
   */
  own(live: LiveRun): ProcessInfo[] {
    // Orphans below the shim are the runs'.
    if (live.run < 0) return this.#members(live, null, null);
    return this.#members(live, this.#startOfNewer(live), this.everyoneKnown() ? this.#shim() : null);
  }

  /** Whether each run has said who it is, or has ended: until then an orphan may be anybody's. */
  everyoneKnown(): boolean {
    return [...this.#live.values()].every((live) => live.process !== null || live.exit !== null);
  }

  #members(live: LiveRun, before: number | null, shim = this.#shim()): ProcessInfo[] {
    const others = [...this.#live.values()].filter((other) => other !== live);
    return membersOf(live, others, shim, before, this.#world);
  }

  /** Orphans of a newer run come back to the same shim: only what is older than it can be this run's. */
  #startOfNewer(live: LiveRun): number | null {
    const newer = [...this.#live.values()].filter((other) => other.run > live.run && other.process !== null);
    return newer.length === 0
      ? null
      : Math.min(...newer.map(({ since, process }) => since ?? process?.start ?? Number.POSITIVE_INFINITY));
  }
}
