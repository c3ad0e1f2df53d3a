/**
 * A bare server behind a loop of the shell, under the same load: how soon anything that Node runs can be back on this
 * machine. What the daemon takes beyond that is its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../test/rig/eventually.ts';
import { answeringAt, untilAnotherAnswers } from '../observe/daemon.ts';
import type { Room } from './room.ts';

const PROGRAM = fileURLToPath(new URL('../../bench/programs/bare-socket.cjs', import.meta.url));

export class Bare {
  readonly #loop: ChildProcess;
  readonly #answering: () => Promise<number | null>;

  constructor(room: Room) {
    const socket = `${room.base}/bare`;
    this.#answering = () => answeringAt(socket);
    const argv = ['-c', 'while :; do "$0" "$1" "$2"; done', room.node, PROGRAM, socket];
    this.#loop = spawn('sh', argv, {
      cwd: '/',
      detached: true,
      stdio: 'ignore',
      env: { PATH: room.env.PATH },
    });
    room.atEnd.push(() => this.#end());
  }

  /** Kills it; resolves to the ms until the next one answers. */
  async kill(): Promise<number> {
    const before = await eventually(this.#answering, 'a bare server');
    process.kill(before, 'SIGKILL');
    return untilAnotherAnswers(this.#answering, before);
  }

  #end(): void {
    const { pid } = this.#loop;
    // Where it could not be started there is nothing to end, and 0 would mean ourselves.
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // ESRCH: it is gone already.
    }
  }
}
