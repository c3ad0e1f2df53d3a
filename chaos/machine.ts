/** The fault machine: one fault after the other, and after each of them all must be as it was. */

import type { Fault } from './faults/fault.ts';
import { FAULTS } from './faults/index.ts';
import { Random } from './random.ts';
import { CAST } from './room/cast.ts';
import { Tally } from './tally.ts';
import { Violation, World } from './world.ts';

export interface MachineOptions {
  readonly seed: number;
  /** How many faults, and how many ms at most. */
  readonly faults: number;
  readonly within: number;
  /** Names of faults; empty: all. */
  readonly only: readonly string[];
  readonly node: string;
  readonly tell: (line: string) => void;
}

export interface Outcome {
  readonly tally: Tally;
  /** ms. */
  readonly took: number;
  /** What did not hold; null: all did. */
  readonly violation: string | null;
}

/** Faults between two looks at all lines and exits. */
const AUDIT = 10;

export async function runMachine(options: MachineOptions): Promise<Outcome> {
  const { seed, node, tell } = options;
  const began = performance.now();
  const tally = new Tally();
  const random = new Random(seed);
  const chosen = choose(options.only);
  const at = () => `${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s`;
  let current = 'the start';
  let world: World | null = null;
  try {
    world = await World.begin({ roles: CAST, node }, tally);
    for (let number = 1; number <= options.faults; number++) {
      if (performance.now() - began > options.within) break;
      const fault = random.weighted(chosen);
      // A stream of its own: whatever one fault draws, the order of the faults stays.
      const own = random.fork();
      current = `#${number} ${fault.name}`;
      tally.count(fault.name);
      const since = performance.now();
      await fault.inject(world, own);
      const injected = performance.now();
      await world.settle();
      tell(
        `${at()}  #${number} ${fault.name}  (${(injected - since).toFixed(0)} ms, calm after ${(performance.now() - injected).toFixed(0)} ms)`,
      );
      if (number % AUDIT === 0) await world.audit();
    }
    current = 'the end';
    await world.finish();
    return { tally, took: performance.now() - began, violation: null };
  } catch (error) {
    const what = error instanceof Violation ? error.message : String((error as Error).stack);
    return { tally, took: performance.now() - began, violation: `${current} (seed ${seed}): ${what}` };
  } finally {
    await world?.end();
  }
}

function choose(only: readonly string[]): readonly Fault[] {
  return only.length === 0 ? FAULTS : FAULTS.filter(({ name }) => only.includes(name));
}
