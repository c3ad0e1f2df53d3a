/** A disk that fills and empties again, under a daemon that is killed meanwhile. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from '../../test/rig/eventually.ts';
import { kill } from '../faults/daemon.ts';
import { ask } from '../faults/life.ts';
import type { World } from '../world.ts';
import type { Scene } from './scene.ts';
import { withWorld } from './with-world.ts';

const SIZE = '24m';

export const diskFull: Scene = {
  name: 'disk-full',
  what: 'the disk fills while services print, crash and the daemon is killed, and empties again',
  isLong: false,
  impossible() {
    const folder = mkdtempSync(join(tmpdir(), 'upchaos-disk-'));
    const isMounted = mount(folder);
    if (isMounted) unmount(folder);
    rmSync(folder, { recursive: true });
    return isMounted ? null : 'a tmpfs cannot be mounted here (not root, or a sandbox)';
  },
  async play(stage) {
    let disk = '';
    const prepare = (base: string) => {
      disk = join(base, 'work');
      mount(disk);
    };
    try {
      await withWorld(stage, { prepare, beforeEnd: () => unmount(disk) }, async (world) => {
        for (let round = 0; round < 2; round++) {
          fill(join(disk, 'filler'));
          await misfortunes(world);
          rmSync(join(disk, 'filler'));
          // What could not be started meanwhile is started now, without a word from anybody.
          await world.settle();
        }
      });
    } finally {
      unmount(disk);
    }
  },
};

async function misfortunes(world: World): Promise<void> {
  await pause(300);
  await ask(world, 'worker', '/exit/7');
  await pause(300);
  for (const daemon of world.room.daemons()) kill(world, daemon);
  await pause(800);
}

function fill(file: string): void {
  const block = Buffer.alloc(64 * 1024);
  for (let size = block.length; size > 0; ) {
    try {
      writeFileSync(file, block.subarray(0, size), { flag: 'a' });
    } catch {
      size = size > 512 ? Math.floor(size / 2) : 0;
    }
  }
}

function mount(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'upkeep-chaos', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function unmount(folder: string): void {
  try {
    execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
  } catch {
    // It was not mounted.
  }
}
