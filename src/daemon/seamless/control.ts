/** Talking to the control socket of a run (see contract/sockets.ts). Whatever goes wrong there is an answer, never an error. */
import { connect, type Socket } from 'node:net';
import { MAX_CONTROL_LINE_BYTES } from '../../contract/sockets.ts';

/** ms that a hook may take to answer: its process may be busy with a build. */
const ANSWER_MS = 5_000;

export type AttachAnswer =
  | { kind: 'attached' }
  /** `code` as of a system error: EADDRINUSE… */
  | { kind: 'failed'; code: string }
  /** Nobody is there, or nobody answers. */
  | { kind: 'gone' };

/** Opens the gate of a run, or finds it open. `within` ms. */
export async function attach(path: string, within = ANSWER_MS): Promise<AttachAnswer> {
  return attachOver(connect({ path }), within);
}

async function attachOver(socket: Socket, within = ANSWER_MS): Promise<AttachAnswer> {
  const [answer] = await ask(socket, 'attach', 1, within);
  const code = /^failed (\w+)$/.exec(answer ?? '')?.[1];
  if (code !== undefined) return { kind: 'failed', code };
  return { kind: answer === 'attached' ? 'attached' : 'gone' };
}

/** What became of a drain. */
export interface Drained {
  /** Connections that are open still. */
  left: number;
  /** Requests that were answered meanwhile; null: not known. */
  requests: number | null;
}

/**
 * Has the process accept no more and finish what it is answering, for `ms` at most. Null when nobody answers, the process has ended, or `signal` says that it is enough.
 * `onClosed`: it accepts no more.
 */
export async function drain(
  path: string,
  ms: number,
  signal?: AbortSignal,
  onClosed?: () => void,
): Promise<Drained | null> {
  const [, answer] = await ask(connect({ path }), `drain ${ms}`, 2, ms + ANSWER_MS, signal, onClosed);
  const [, left, requests] = /^drained (\d{1,9})(?: (\d{1,9}))?$/.exec(answer ?? '') ?? [];
  if (left === undefined) return null;
  return { left: Number(left), requests: requests === undefined ? null : Number(requests) };
}

/** A connection as a client of the app's server on this port, whether or not its gate is open. */
export function openPrivate(path: string, port: number): Socket {
  const socket = connect({ path });
  socket.write(`open ${port}\n`);
  return socket;
}

/** As long as somebody is connected, a gate does not open by itself. */
export interface Company {
  /** As `attach`, by the connection that is there: once. Null when it was, or there is none. */
  attach(): Promise<AttachAnswer> | null;
  /** An answer that is under way is waited for. */
  leave(): void;
}

export function keepCompany(path: string): Company {
  const socket = connect({ path });
  let isUsed = false;
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isUsed = true;
  });
  socket.resume();
  socket.unref();
  return {
    attach() {
      if (isUsed) return null;
      isUsed = true;
      return attachOver(socket.ref());
    },
    leave() {
      if (!isUsed) socket.destroy();
    },
  };
}

/** The first `count` lines of the answer, or as many as came until the other side closed or the time was over. */
function ask(
  socket: Socket,
  line: string,
  count: number,
  within: number,
  signal?: AbortSignal,
  onFirst?: () => void,
): Promise<string[]> {
  return new Promise((resolve) => {
    let text = '';
    const linesOf = () => text.split('\n').slice(0, -1);
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      socket.destroy();
      resolve(linesOf());
    };
    const timer = setTimeout(finish, within);
    if (signal?.aborted) return finish();
    signal?.addEventListener('abort', finish);
    socket.setEncoding('latin1');
    socket.on('error', finish);
    socket.on('close', finish);
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (linesOf().length > 0) onFirst?.();
      if (linesOf().length >= count || text.length > MAX_CONTROL_LINE_BYTES) finish();
    });
    socket.write(`${line}\n`);
  });
}
