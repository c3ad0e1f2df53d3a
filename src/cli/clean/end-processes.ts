/** Ends processes: asks, waits, kills. Each is looked at again right before each signal: a pid alone may be somebody else. */
import type { Leftover } from './leftovers.ts';

export interface EndWorld {
  /** Whether the very process still lives. */
  isAlive(id: Leftover): boolean;
  /** Signals a process if it is still the one meant. */
  signal(id: Leftover, signal: 'SIGTERM' | 'SIGKILL'): void;
  pause(ms: number): Promise<void>;
  /** ms from SIGTERM to SIGKILL. */
  grace: number;
}

export type Ending = 'ended' | 'killed' | 'alive';

const LOOK = 20;
/** How long a killed process may take to go, in ms: the kernel lets some finish their input and output first. */
const AFTER_KILL = 2_000;

export async function endProcesses(found: Leftover[], world: EndWorld): Promise<Map<Leftover, Ending>> {
  const living = () => found.filter((each) => world.isAlive(each));
  for (const each of living()) world.signal(each, 'SIGTERM');
  await until(() => living().length === 0, world.grace, world);
  const stubborn = living();
  for (const each of stubborn) world.signal(each, 'SIGKILL');
  await until(() => living().length === 0, AFTER_KILL, world);
  const alive = living();
  return new Map(
    found.map((each) => [
      each,
      alive.includes(each) ? 'alive' : stubborn.includes(each) ? 'killed' : 'ended',
    ]),
  );
}

async function until(met: () => boolean, within: number, { pause }: EndWorld): Promise<void> {
  for (let waited = 0; waited < within && !met(); waited += LOOK) await pause(LOOK);
}
