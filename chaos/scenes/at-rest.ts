/** How soon the daemon is back where the machine has nothing else to do: under the load of the faults that is the load's figure. */
import { pause } from '../../test/rig/eventually.ts';
import { timedKill } from '../faults/daemon.ts';
import { CAST } from '../room/cast.ts';
import type { World } from '../world.ts';
import type { Scene } from './scene.ts';
import { withWorld } from './with-world.ts';

const KILLS = 25;
/** ms between the lines of a service, and between a daemon that is back and the next kill. */
const LINE_EVERY = 1_000;
const REST = 800;

export const atRest: Scene = {
  name: 'kills-at-rest',
  what: `${KILLS} kills of the daemon while nobody asks, edits or prints much, and of a bare server in between`,
  isLong: true,
  impossible: () => null,
  async play(stage) {
    const roles = CAST.map((role) => ({ ...role, lines: 1, every: LINE_EVERY }));
    await withWorld(stage, { roles }, (world) => world.unasked(() => killAll(world)));
  },
};

async function killAll(world: World): Promise<void> {
  for (let round = 0; round < KILLS; round++) {
    await pause(REST);
    world.tally.restBack.push(await timedKill(world));
    await pause(REST);
    world.tally.restBareBack.push(await world.bare.kill());
  }
}
