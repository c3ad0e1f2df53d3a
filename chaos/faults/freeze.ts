/** Somebody stands still for a while (SIGSTOP), or the whole machine sleeps. */
import { pause } from '../../test/rig/eventually.ts';
import { type ProcessInfo, signalExactly } from '../../test/rig/processes.ts';
import { processOf } from '../observe/truth.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import type { Fault } from './fault.ts';
import { live } from './life.ts';

const LONGEST_MS = 1_500;

/** Who may be frozen. */
const WHO: readonly ((world: World, random: Random) => ProcessInfo[])[] = [
  (world) => world.room.daemons(),
  (world) => world.room.daemons(),
  (world) => world.room.guards(),
  (world, random) => [world.room.shims(random.one(world.room.roles).name).shim ?? []].flat(),
  (world, random) =>
    world.truth.living(random.one(world.room.roles).name).flatMap((life) => processOf(life) ?? []),
  (world) => world.truth.living('family').flatMap((life) => world.truth.children(life)),
];

const freeze: Fault = {
  name: 'freeze',
  what: 'SIGSTOP of daemon, guard, shim, run or grandchild, and SIGCONT a while later',
  weight: 4,
  async inject(world, random) {
    const { over } = live(world, random);
    await pause(random.next() * 300);
    await whileFrozen(random.one(WHO)(world, random), random.next() * LONGEST_MS);
    await over;
  },
};

const sleep: Fault = {
  name: 'sleep',
  what: 'the machine sleeps: everything stands still, and goes on later',
  weight: 1,
  async inject(world, random) {
    const { over } = live(world, random);
    await pause(random.next() * 300);
    await whileFrozen(world.room.processes(), random.next() * LONGEST_MS);
    await over;
  },
};

async function whileFrozen(frozen: readonly ProcessInfo[], ms: number): Promise<void> {
  for (const info of frozen) signalExactly(info, 'SIGSTOP');
  try {
    await pause(ms);
  } finally {
    for (const info of frozen) signalExactly(info, 'SIGCONT');
  }
}

export const freezeFaults: readonly Fault[] = [freeze, sleep];
