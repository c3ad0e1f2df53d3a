/** The user may have no more processes: what ends meanwhile is started again when there is room, without a word from anybody. */
import { spawnSync } from 'node:child_process';
import { pause } from '../../test/rig/eventually.ts';
import { ask } from '../faults/life.ts';
import { orphan } from '../faults/processes.ts';
import type { World } from '../world.ts';
import type { Scene } from './scene.ts';
import { withWorld } from './with-world.ts';

/** RLIMIT_NPROC does not hold for root (getrlimit(2)), so this room is somebody else's. */
const STRANGER = 65_534;
const asStranger = ['setpriv', `--reuid=${STRANGER}`, `--regid=${STRANGER}`, '--clear-groups'];

export const processes: Scene = {
  name: 'processes',
  what: 'no process can be begun for a while, as another user than root: what crashed comes back by itself',
  isLong: false,
  impossible() {
    const [program = '', ...args] = [...asStranger, process.execPath, '-e', '0'];
    return spawnSync(program, args).status === 0
      ? null
      : 'another user cannot be had here, or cannot run Node';
  },
  async play(stage) {
    await withWorld(stage, { before: asStranger, owner: STRANGER }, async (world) => {
      for (const service of ['worker', 'family']) {
        for (const { name } of world.room.roles) orphan(world, name);
        limit(world, 1);
        await ask(world, service, '/exit/9');
        await pause(1_500);
        limit(world, 'unlimited');
        await world.settle();
      }
    });
  },
};

function limit(world: World, most: number | 'unlimited'): void {
  for (const { pid } of world.room.processes()) {
    spawnSync('prlimit', ['--pid', String(pid), `--nproc=${most}:`], { stdio: 'ignore' });
  }
}
