/** Clears away the rigs of test processes that were killed before they could dispose of them. */
import { readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { findMarked, signalExactly } from './processes.ts';

/** Folders of rigs begin with this. */
export const RIG_PREFIX = 'uprig-';
export const RIG_SOCKET = 'rig.sock';

/** A rig is abandoned when nobody listens on its socket. */
export async function sweepAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const folder = join(tmpdir(), name);
    const socket = join(folder, RIG_SOCKET);
    if (!name.startsWith(RIG_PREFIX) || !(await isAbandoned(socket))) continue;
    await killMarked(`UPKEEP_RIG_SOCKET=${socket}`, folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Ends every process with this mark, by its identity. What is killed may have been forking: look again until none. */
export async function killMarked(mark: string, folder: string): Promise<void> {
  await eventually(() => {
    const left = findMarked(mark, folder);
    for (const info of left) signalExactly(info, 'SIGKILL');
    return left.length === 0;
  }, 'killed processes are gone');
}

/** ECONNREFUSED: the socket's file is there, its owner is not. A rig that is just being made has no file yet. */
function isAbandoned(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}
