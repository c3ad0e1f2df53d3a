/** The pipes in which shells wait for an answer. Nobody there is ever waited for. */
import { closeSync, constants, fstatSync, lstatSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { listFolder } from '../../platform/files.ts';
import type { Processes } from '../../platform/proc.ts';
import { withReserve } from '../../platform/reserve.ts';
import { whoWaits } from './ask.ts';

/** Returns what says it, once; null when nobody waits there, or it is not a pipe of this user's. */
export function openAnswer(path: string): ((text: string) => void) | null {
  const fd = openPipe(path);
  if (fd === null) return null;
  // Open at both ends by now.
  rmSync(path, { force: true });
  return (text) => {
    try {
      writeSync(fd, text);
    } catch {
      // EPIPE: they have gone. EAGAIN: there is no room; without an end they ask elsewhere.
    } finally {
      closeSync(fd);
    }
  };
}

/** Not through a link, and never waiting for a reader: fifo(7). */
function openPipe(path: string): number | null {
  const { O_WRONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
  try {
    const fd = withReserve(() => openSync(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW));
    const found = fstatSync(fd);
    if (found.isFIFO() && found.uid === process.getuid?.()) return fd;
    closeSync(fd);
  } catch {
    // ENOENT, ENXIO: nobody waits any more; ELOOP: a link.
  }
  return null;
}

/** Those of shells that were killed. */
export function removeUnheard(own: string, processes: Processes): void {
  for (const name of listFolder(own)) {
    const pid = whoWaits(name);
    if (pid === null || processes.get(pid) !== null) continue;
    removePipe(join(own, name));
  }
}

/** Nothing else of that name, which is not ours. */
export function removePipe(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFIFO() === true) rmSync(path, { force: true });
}
