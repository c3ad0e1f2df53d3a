/** One client of the daemon's socket, from its request to the last word of the answer. It can hold up nobody but itself. */
import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { UserError } from '../contract/exit-codes.ts';
import { mask } from '../contract/mask.ts';
import type { Reply, Request } from '../contract/protocol.ts';
import { MAX_REQUEST_BYTES, PROTOCOL } from '../contract/version.ts';
import { errorMessage } from '../platform/files.ts';

/** Carries a request out. `signal` is aborted when the client is gone. */
export type Handler = (request: Request, send: (reply: Reply) => void, signal: AbortSignal) => Promise<void>;

export interface Listener {
  /** What a client asks for, by what it sent; null: nothing that is known. Not asked about a greeting. */
  understand(raw: unknown): Promise<Request | null>;
  handle: Handler;
}

export interface Limits {
  /** ms that a client has for its whole request, and after the last reply for taking the next piece of it. */
  patience: number;
  /** Bytes that may wait for a client to read them; at the reply after that it is hung up on. */
  unread: number;
  /** Bytes that a client may send after its request; they mean nothing. */
  surplus: number;
  /** Clients at a time. */
  clients: number;
}

export const LIMITS: Limits = {
  patience: 10_000,
  unread: 1024 * 1024,
  surplus: 64 * 1024,
  clients: 128,
};

export interface Conversation {
  /** True until its request is complete. */
  readonly isWaiting: boolean;
}

export function converse(socket: Socket, listener: Listener, limits: Limits): Conversation {
  const gone = new AbortController();
  const pieces: string[] = [];
  const decoder = new StringDecoder('utf8');
  let bytes = 0;
  let surplus = 0;
  let isWaiting = true;
  // For the whole of it: a byte now and then would keep a timer of inactivity from ever firing.
  const deadline = setTimeout(() => socket.destroy(), limits.patience);

  const send = (reply: Reply) => {
    if (!socket.writable) return;
    if (socket.writableLength > limits.unread) socket.destroy();
    else socket.write(`${JSON.stringify(reply)}\n`);
  };
  const finish = () => {
    socket.end();
    // It has been told everything, and may be stopped or never read.
    socket.setTimeout(limits.patience, () => socket.destroy());
  };
  const take = (line: string | null) => {
    isWaiting = false;
    clearTimeout(deadline);
    pieces.length = 0;
    void answer(line, send, listener, gone.signal).finally(finish);
  };

  const ignore = (count: number) => {
    surplus += count;
    if (surplus > limits.surplus) socket.destroy();
  };

  socket.on('error', () => socket.destroy());
  socket.once('close', () => {
    clearTimeout(deadline);
    gone.abort();
  });
  socket.once('end', () => {
    // Without a request nothing more can come of it: a probe, which must not hold a descriptor until the timeout.
    if (isWaiting) socket.end();
    // Has it closed its own half, or is it gone? Nothing is sent, and yet that fails with EPIPE when nobody is left to read.
    else socket.write('');
  });
  socket.on('data', (chunk: Buffer) => {
    if (!isWaiting) return ignore(chunk.length);
    bytes += chunk.length;
    const end = chunk.indexOf(NEWLINE);
    if (bytes > MAX_REQUEST_BYTES) return take(null);
    pieces.push(decoder.write(end < 0 ? chunk : chunk.subarray(0, end)));
    if (end < 0) return;
    take(pieces.join(''));
    ignore(chunk.length - end - 1);
  });
  return {
    get isWaiting() {
      return isWaiting;
    },
  };
}

const NEWLINE = 0x0a;

async function answer(
  line: string | null,
  send: (reply: Reply) => void,
  { understand, handle }: Listener,
  signal: AbortSignal,
): Promise<void> {
  const fail = (code: string, message: string) => send({ type: 'error', code, message: mask(message) });
  if (line === null) return fail('usage', `a request over ${MAX_REQUEST_BYTES} bytes is refused`);
  const raw = parse(line);
  const protocol = typeof raw === 'object' && raw !== null && 'protocol' in raw ? raw.protocol : undefined;
  // A greeting is answered whatever the version: its answer says which one this is.
  const isHello = typeof raw === 'object' && raw !== null && 'method' in raw && raw.method === 'hello';
  if (protocol !== PROTOCOL && !isHello)
    return fail('protocol', `this daemon speaks protocol ${PROTOCOL}, not ${shown(protocol)}`);
  const request = isHello ? HELLO : await understand(raw);
  if (request === null) return fail('usage', 'the request is not one that this daemon knows');
  try {
    await handle(request, send, signal);
  } catch (error) {
    if (error instanceof UserError)
      fail('usage', error.hint === null ? error.message : `${error.message}\n${error.hint}`);
    else {
      console.error(mask(error instanceof Error ? (error.stack ?? error.message) : String(error)));
      fail('internal', errorMessage(error));
    }
  }
}

const HELLO: Request = { protocol: PROTOCOL, method: 'hello' };

/** Whatever a client sent as its protocol: told back shortly. */
function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : typeof value;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** For a client that there is no room for. */
export function turnAway(socket: Socket): void {
  const reply: Reply = {
    type: 'error',
    code: 'busy',
    message: 'The daemon has too many clients at once.\nEnd some of them, and run the command again.',
  };
  socket.on('error', () => undefined);
  // Read to its end, or what it has sent would turn our answer into a reset.
  socket.resume();
  socket.end(`${JSON.stringify(reply)}\n`, () => socket.destroySoon());
}
