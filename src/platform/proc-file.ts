/**
 * Reading files of /proc. They have no size, so `readFileSync` takes 64 kB for each; a look at the process
 * table reads hundreds, and the daemon would stay 13 MB larger for it. One buffer serves them all.
 */
import { closeSync, openSync, readSync } from 'node:fs';

let buffer = Buffer.allocUnsafeSlow(16 * 1024);

/**
 * The text, or null when it cannot be read (a process that is gone, or another user's).
 * `isShort`: the kernel gives it whole at the first read, so that none is needed to see its end.
 */
export function readProcFile(path: string, isShort = false): string | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    let length = 0;
    for (;;) {
      const count = readSync(fd, buffer, length, buffer.length - length, null);
      length += count;
      if (count === 0 || isShort) return buffer.toString('utf8', 0, length);
      if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafeSlow(length)]);
    }
  } catch {
    // ESRCH: it ended while it was read.
    return null;
  } finally {
    closeSync(fd);
  }
}
