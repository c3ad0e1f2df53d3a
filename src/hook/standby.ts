/** Waits in a process on standby until it becomes a run: see contract/standby.ts. Compiled only there. */

import { closeSync, constants, openSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { NOT_AHEAD, RELEASE_FILE, type Release, STANDBY_VARIABLE } from '../contract/standby.ts';
import { flags } from './flags.ts';

/** Returns once it is a run, with its environment; else never. Nothing of the app has been loaded. */
export function awaitRelease(fifo: string): void {
  const { env } = process;
  delete env[STANDBY_VARIABLE];
  try {
    if (asksTooEarly()) return end();
    if (!untilClosed(fifo)) return;
    const release = releaseOf(dirname(fifo));
    if (release === null) return end();
    Object.assign(env, release.env);
  } catch {
    end();
  }
}

function asksTooEarly(): boolean {
  const options = flags();
  return options.split(' ').some((word) => NOT_AHEAD.test(word));
}

/** False when it is not there: this is a later process of a run, whose folder somebody has removed. */
function untilClosed(fifo: string): boolean {
  let own: number;
  try {
    // To write too, so that neither this nor the next waits for somebody to open the other end.
    own = openSync(fifo, constants.O_RDWR);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  const fd = openSync(fifo, constants.O_RDONLY);
  closeSync(own);
  while (isOpen(fd));
  closeSync(fd);
  return true;
}

/** Waits. A signal that Node handles, such as SIGUSR1, ends the wait and says nothing: see read(2), EINTR. */
function isOpen(fd: number): boolean {
  try {
    return readSync(fd, Buffer.alloc(64)) > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EINTR') return true;
    throw error;
  }
}

/** Null: it is nobody's. */
function releaseOf(folder: string): Release | null {
  const release = JSON.parse(readFileSync(join(folder, RELEASE_FILE), 'utf8')) as Release;
  const place = readlinkSync(join(dirname(folder), String(release.run)));
  return place === basename(folder) ? release : null;
}

/** With what stands around it, a shell or a package manager: each run has a process group of its own. */
function end(): void {
  try {
    process.kill(0, 'SIGKILL');
  } finally {
    process.exit(1);
  }
}
