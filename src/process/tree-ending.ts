/** Ending whole trees: signals, and looks again until nothing is left. */
import type { Processes } from '../platform/proc.ts';
import type { LiveRun } from './live-run.ts';
import type { LiveRuns } from './live-runs.ts';
import { signalGroup, signalProcess } from './signals.ts';
import type { Timers } from './timers.ts';

/** How often a tree that is to end is looked at, in ms: soon at first, then rarely. */
const LOOKS = [2, 5, 10, 20, 50, 100];
/** ms from the end of a run to the first look at what it left behind. */
const SWEEP_DELAY = 50;
/**
 * What has not ended after so many signals (some ten seconds) will not: it has another user's rights (setuid) or hangs
 * in the kernel. A service that is up is not looked after for ever on its account.
 */
const SWEEP_LOOKS = 110;

export class TreeEnding {
  readonly #live: LiveRuns;
  readonly #processes: Processes;
  readonly #timers: Timers;
  readonly #onEmpty: (live: LiveRun) => void;

  /** `onEmpty`: nothing is left of a run that was to end. */
  constructor(live: LiveRuns, processes: Processes, timers: Timers, onEmpty: (live: LiveRun) => void) {
    this.#live = live;
    this.#processes = processes;
    this.#timers = timers;
    this.#onEmpty = onEmpty;
  }

  /** Sends the stop signal to the run's group, once. */
  terminate(live: LiveRun, signal: NodeJS.Signals): void {
    if (live.ending !== null) return;
    live.ending = signal;
    if (live.exit === null) this.signal(live);
    this.watch(live);
  }

  /** SIGKILLs everything of the run, again and again until nothing is left. */
  kill(live: LiveRun): void {
    live.ending ??= 'SIGKILL';
    live.killing = true;
    this.watch(live);
  }

  /** The signal that it is to end by, to all of it that is known. */
  signal(live: LiveRun): void {
    if (live.process === null || live.ending === null) return;
    const { pid, start } = live.process;
    const info = this.#processes.get(pid);
    const own = info?.start === start && info.pgid === pid;
    if (own && signalGroup(pid, live.ending)) signalGroup(pid, 'SIGCONT');
    else for (const info of this.#live.tree(live)) signalProcess(this.#processes, info, live.ending);
  }

  /** Looks until its process has ended and its tree is empty; while its process takes its time, that is waited for. */
  watch(live: LiveRun): void {
    if (live.looking) return;
    live.looking = true;
    this.#look(live, 0);
  }

  /** Ends what a run left behind that ended by itself. Resolves when nothing of it is left that can be ended. */
  async sweep(live: LiveRun, atOnce: boolean): Promise<void> {
    // Its successor is launched first: reading the process table takes longer than starting a run.
    if (!atOnce) await this.#timers.pause(SWEEP_DELAY);
    for (let look = 0; ; look++) {
      const left = this.#live.everyoneKnown() ? this.#live.own(live) : [];
      if (left.length === 0 && this.#live.everyoneKnown()) return;
      if (left.length > 0 && look >= SWEEP_LOOKS) return;
      for (const info of left) signalProcess(this.#processes, info, look < 4 ? 'SIGTERM' : 'SIGKILL');
      await this.#timers.pause(pauseAfter(look));
    }
  }

  /** Ends a process that belongs to no run we know of, whatever started it; while that is wanted. */
  async endStray(pid: number, isWanted: () => boolean): Promise<void> {
    const stray = this.#processes.get(pid);
    for (
      let look = 0;
      stray !== null &&
      isWanted() &&
      signalProcess(this.#processes, stray, look < 20 ? 'SIGTERM' : 'SIGKILL');
      look++
    ) {
      await this.#timers.pause(pauseAfter(look));
    }
  }

  #look(live: LiveRun, count: number): void {
    if (this.#live.get(live.run) !== live) return;
    const left = this.#live.own(live);
    if (live.exit !== null && left.length === 0 && this.#live.everyoneKnown()) return this.#onEmpty(live);
    for (const info of left) {
      if (live.killing) signalProcess(this.#processes, info, 'SIGKILL');
      // Its own process has ended: the rest would otherwise never be told to.
      else if (live.exit !== null && count === 0 && live.ending !== null)
        signalProcess(this.#processes, info, live.ending);
    }
    const waits = live.exit === null && !live.killing;
    if (waits) live.looking = false;
    else this.#timers.later(pauseAfter(count), () => this.#look(live, count + 1));
  }
}

function pauseAfter(look: number): number {
  return LOOKS[Math.min(look, LOOKS.length - 1)] ?? 100;
}
