/**
 * A bare server behind a loop of the shell, under the same load: how soon anything that Node runs can be back on this
 * machine. What the daemon takes beyond that is its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { eventually, pause } from '../../test/rig/eventually.ts';
import type { Room } from './room.ts';

const PROGRAM = fileURLToPath(new URL('bare.cjs', import.meta.url));
/** Longest time until it is back, in ms. */
const PATIENCE = 20_000;

export class Bare {
  readonly #loop: ChildProcess;
  readonly #socket: string;

  constructor(room: Room) {
    this.#socket = `${room.base}/bare`;
    const argv = ['-c', 'while :; do "$0" "$1" "$2"; done', room.node, PROGRAM, this.#socket];
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
    const before = await eventually(() => this.#answering(), 'a bare server');
    const began = performance.now();
    process.kill(before, 'SIGKILL');
    while (performance.now() - began < PATIENCE) {
      const pid = await this.#answering();
      if (pid !== null && pid !== before) return performance.now() - began;
      await pause(2);
    }
    throw new Error(`no bare server answers ${PATIENCE} ms after ${before} was killed`);
  }

  #answering(): Promise<number | null> {
    return new Promise((resolve) => {
      const socket = connect(this.#socket);
      let text = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      socket.on('error', () => undefined);
      socket.once('close', () => resolve(text === '' ? null : Number(text)));
    });
  }

  #end(): void {
    try {
      process.kill(-(this.#loop.pid ?? 0), 'SIGKILL');
    } catch {
      // ESRCH: it is gone already.
    }
  }
}
