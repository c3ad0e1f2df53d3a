/** A file system that can be filled. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder, absolute, that is gone when the test is over; null: none can be mounted here. `size` as of tmpfs(5). */
export function smallDisk(size: string): string | null {
  if (process.getuid?.() !== 0) return null;
  const disk = mkdtempSync(join(tmpdir(), 'upkeep-disk-'));
  onTestFinished(() => rmSync(disk, { recursive: true, force: true }));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return null;
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', disk]);
  });
  return disk;
}

/** Nothing more can be written. Returns the file that takes all the room. */
export function fill(disk: string): string {
  const filler = join(disk, 'filler');
  const block = Buffer.alloc(4096);
  try {
    for (;;) writeFileSync(filler, block, { flag: 'a' });
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('ENOSPC')) throw error;
  }
  return filler;
}
