/** An exit code is kept though the disk is full. Needs a file system that can be filled: only root can mount one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fill, smallDisk } from '../rig/small-disk.ts';
import { enterRoom } from './room.ts';

it('keeps the exit code when nothing more can be written', (context) => {
  const disk = smallDisk('64k');
  if (disk === null) return context.skip('a tmpfs cannot be mounted here: not root, or a sandbox');
  return keepsExit(disk);
});

async function keepsExit(disk: string): Promise<void> {
  const runs = join(disk, 'runs');
  mkdirSync(runs);
  const room = enterRoom({ runs });
  room.launch(1, ['sh', '-c', 'echo up; while [ ! -e go ]; do sleep 0.01; done; echo last words; exit 42']);
  await room.printed(1, 'up');
  fill(disk);
  writeFileSync(join(room.root, 'go'), '');
  // A shell whose echo fails for want of space goes on to its exit.
  expect(await room.exited(1)).toEqual({ code: 42 });
  expect(room.folder(1).readExit()?.exit).toEqual({ code: 42 });
  await room.runs.sweep(1);
}
