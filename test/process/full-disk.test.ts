/** An exit code is kept though the disk is full. Needs a file system that can be filled: only root can mount one. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { enterRoom } from './room.ts';

it('keeps the exit code when nothing more can be written', (context) => {
  const disk = mkdtempSync(join(tmpdir(), 'upkeep-disk-'));
  onTestFinished(() => rmSync(disk, { recursive: true, force: true }));
  if (!mounted(disk)) return context.skip('a tmpfs cannot be mounted here: not root, or a sandbox');
  onTestFinished(() => {
    execFileSync('umount', ['-l', disk]);
  });
  return keepsExit(disk);
});

async function keepsExit(disk: string): Promise<void> {
  const runs = join(disk, 'runs');
  mkdirSync(runs);
  const room = enterRoom({ runs });
  room.launch(1, ['sh', '-c', 'echo up; while [ ! -e go ]; do sleep 0.01; done; echo last words; exit 42']);
  await room.printed(1, 'up');
  const filler = Buffer.alloc(4096);
  expect(() => {
    for (;;) writeFileSync(join(disk, 'filler'), filler, { flag: 'a' });
  }).toThrow(/ENOSPC/);
  writeFileSync(join(room.root, 'go'), '');
  // A shell whose echo fails for want of space goes on to its exit.
  expect(await room.exited(1)).toEqual({ code: 42 });
  expect(room.folder(1).readExit()?.exit).toEqual({ code: 42 });
  await room.runs.sweep(1);
}

function mounted(folder: string): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
