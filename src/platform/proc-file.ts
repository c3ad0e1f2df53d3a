/**
 * Reading files of /proc. They have no size, so `readFileSync` takes 64 kB for each; a look at the process
 * table reads hundreds, and the daemon would stay 13 MB larger for it. One buffer serves them all.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { withReserve } from './reserve.ts';

let buffer = Buffer.allocUnsafeSlow(16 * 1024);

/**
 * The text, or null when it cannot be read (a process that is gone, ESRCH when in this moment, or another user's).
 * `isShort`: the kernel gives it whole at the first read, so that none is needed to see its end.
 */
export function readProcFile(path: string, isShort = false): string | null {
  try {
    return withReserve(() => read(path, isShort));
  } catch {
    return null;
  }
}

function read(path: string, isShort: boolean): string {
  const fd = openSync(path, 'r');
  try {
    let length = 0;
    for (;;) {
      const count = readSync(fd, buffer, length, buffer.length - length, null);
      length += count;
      if (count === 0 || isShort) return buffer.toString('utf8', 0, length);
      if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafeSlow(length)]);
    }
  } finally {
    closeSync(fd);
  }
}
