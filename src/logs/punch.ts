/** Gives back the disk space of a spool's head that has been consumed, while the run goes on writing. */
import { spawn } from 'node:child_process';

/**
 * Deallocates `[from, to)` of the file; its size stays (fallocate(1), `--punch-hole`). Resolves to false
 * where this cannot be done: no util-linux (macOS), or a file system without holes.
 */
export function punchHole(path: string, from: number, to: number): Promise<boolean> {
  return new Promise((resolve) => {
    const argv = ['-p', '-o', String(from), '-l', String(to - from), path];
    const child = spawn('fallocate', argv, { stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
