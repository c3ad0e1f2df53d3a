/** Whether the daemon answers: asked over its socket, as any command does. */
import { connect } from 'node:net';
import { PROTOCOL } from '../../src/contract/version.ts';
import { pause } from '../../test/rig/eventually.ts';
import type { Room } from '../room/room.ts';

/** Longest wait for one answer, in ms. */
const PATIENCE = 5_000;

/** Pid of the daemon that answers now; null when none does. */
export function answeringDaemon(room: Room): Promise<number | null> {
  // Read once: its record may be gone the next moment.
  const { socket } = room;
  return socket === null ? Promise.resolve(null) : answeringAt(socket);
}

/** Pid of whoever greets at this socket; null when nobody does. */
export function answeringAt(path: string): Promise<number | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let text = '';
    socket.setTimeout(PATIENCE, () => socket.destroy());
    socket.setEncoding('utf8');
    socket.once('connect', () =>
      socket.write(`${JSON.stringify({ protocol: PROTOCOL, method: 'hello' })}\n`),
    );
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(pidIn(text)));
  });
}

/** Resolves to the ms that pass until somebody answers who is not `before`; rejects after `within` ms. */
export async function untilAnotherAnswers(
  answering: () => Promise<number | null>,
  before: number,
  within = 20_000,
): Promise<number> {
  const began = performance.now();
  for (;;) {
    const pid = await answering();
    const took = performance.now() - began;
    if (pid !== null && pid !== before) return took;
    if (took > within) throw new Error(`nobody answers ${within} ms after ${before} was killed`);
    await pause(2);
  }
}

function pidIn(text: string): number | null {
  try {
    const reply = JSON.parse(text.split('\n')[0] ?? '') as { type: string; pid: number };
    return reply.type === 'hello' ? reply.pid : null;
  } catch {
    return null;
  }
}
