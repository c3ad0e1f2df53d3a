/** No inotify instances are left for the daemon: logs and edits are found all the same. */
import { spawnSync } from 'node:child_process';
import { daemonKill } from '../faults/daemon.ts';
import type { Scene } from './scene.ts';
import { withWorld } from './with-world.ts';

/** In a user namespace of its own, whose limits are its own: user_namespaces(7). */
const limited = (instances: number, watches: number) => [
  'unshare',
  '-Ur',
  'sh',
  '-c',
  `echo ${instances} >/proc/sys/user/max_inotify_instances && echo ${watches} >/proc/sys/user/max_inotify_watches && exec "$@"`,
  'sh',
];

export const inotify: Scene = {
  name: 'inotify',
  what: 'no inotify instances, or hardly any watches: lines and edits are found all the same',
  isLong: false,
  impossible() {
    const [program = '', ...args] = [...limited(1, 1), 'true'];
    return spawnSync(program, args).status === 0 ? null : 'a user namespace cannot be made here';
  },
  async play(stage) {
    for (const limits of [limited(1, 3), limited(0, 0)]) {
      await withWorld(stage, { before: limits }, async (world) => {
        world.edit('web');
        await world.settle();
        await daemonKill.inject(world, stage.random);
      });
    }
  },
};
