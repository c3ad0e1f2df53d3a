/** Runs that are ended with patience: they finish what they are answering, then are asked to end, then made to. */
import { monotonic } from '../../platform/monotonic.ts';
import { type Drained, drain } from './control.ts';

export interface LeavingWorld {
  /** The control sockets of a run's processes, as far as they are known. */
  controls(run: number): readonly string[];
  /** Sends the stop signal. Asked again, it does nothing. */
  terminate(run: number): void;
  kill(run: number): void;
  /** It has drained: all of its processes have said so. `took`: ms. */
  drained(run: number, drained: Drained & { took: number }): void;
}

/** ms that a run which served nothing is given to end. */
const DISCARD_GRACE = 500;

export class Leaving {
  readonly #world: LeavingWorld;
  readonly #drains = new Map<number, AbortController>();
  readonly #timers = new Map<number, NodeJS.Timeout>();
  /** Told to accept nothing more, and have not yet said that they do not. */
  readonly #closing = new Set<Promise<unknown>>();

  constructor(world: LeavingWorld) {
    this.#world = world;
  }

  /**
   * Drains it for `ms` at most, then sends the stop signal; 0 does so at once, also in the middle of a drain.
   * Resolves to false when it was not this call that sent it.
   */
  async terminate(run: number, ms: number): Promise<boolean> {
    const controls = ms === 0 ? [] : this.#world.controls(run);
    if (controls.length === 0) this.#drains.get(run)?.abort();
    else if (this.#drains.has(run)) return false;
    else {
      const enough = new AbortController();
      this.#drains.set(run, enough);
      const since = monotonic();
      const answers = await Promise.all(controls.map((path) => this.#drain(path, ms, enough.signal)));
      this.#drains.delete(run);
      // Gone meanwhile, or told to end at once: that has been done.
      if (enough.signal.aborted) return false;
      const sum = sumOf(answers);
      if (sum !== null) this.#world.drained(run, { ...sum, took: Math.round(monotonic() - since) });
    }
    this.#world.terminate(run);
    return true;
  }

  /** Resolves when none of them accepts connections any more. */
  async closed(): Promise<void> {
    await Promise.all(this.#closing);
  }

  /** As `terminate`, and `grace` ms after the stop signal SIGKILL. */
  async retire(run: number, ms: number, grace: number): Promise<void> {
    if (await this.terminate(run, ms)) this.#killAfter(run, grace);
  }

  /** It served nothing. */
  discard(run: number): void {
    this.#world.terminate(run);
    this.#killAfter(run, DISCARD_GRACE);
  }

  /** Nothing of it is left, or somebody else sees to it. */
  forget(run: number): void {
    clearTimeout(this.#timers.get(run));
    this.#timers.delete(run);
    this.#drains.get(run)?.abort();
    this.#drains.delete(run);
  }

  close(): void {
    for (const run of [...this.#timers.keys(), ...this.#drains.keys()]) this.forget(run);
  }

  async #drain(path: string, ms: number, signal: AbortSignal): Promise<Drained | null> {
    let done = () => {};
    const closing = new Promise<void>((resolve) => {
      done = resolve;
    });
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
    const drained = await drain(path, ms, signal, done);
    done();
    return drained;
  }

  #killAfter(run: number, grace: number): void {
    clearTimeout(this.#timers.get(run));
    this.#timers.set(
      run,
      setTimeout(() => {
        this.#timers.delete(run);
        this.#world.kill(run);
      }, grace),
    );
  }
}

/** Of all processes of a run; null when one of them has not answered. */
function sumOf(answers: readonly (Drained | null)[]): Drained | null {
  const sum: Drained = { left: 0, requests: 0 };
  for (const each of answers) {
    if (each === null) return null;
    sum.left += each.left;
    sum.requests = sum.requests === null || each.requests === null ? null : sum.requests + each.requests;
  }
  return sum;
}
