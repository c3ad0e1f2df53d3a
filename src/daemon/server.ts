/** The daemon's unix socket: one request a connection, answered line by line (see contract/protocol.ts). */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { MAX_REQUEST_BYTES, type Reply, Request } from '../contract/protocol.ts';
import { PROTOCOL } from '../contract/version.ts';
import { claimPrivateFolder, errorMessage } from '../platform/files.ts';

/** A client that has not said what it wants after this time is hung up on. */
const HALF_OPEN_MS = 10_000;

/** Carries a request out. `signal` is aborted when the client is gone. */
export type Handler = (request: Request, send: (reply: Reply) => void, signal: AbortSignal) => Promise<void>;

export interface ControlServer {
  /** Its socket was removed: makes it anew. Clients that are connected stay so. */
  renew(): Promise<void>;
  close(): void;
}

/** Listens at `path`, whatever stood there before: only the holder of the workspace's lock gets here. */
export function listen(path: string, handle: Handler): Promise<ControlServer> {
  const open = new Set<Socket>();
  const accept = (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    serve(socket, handle);
  };
  return bind(path, accept).then((bound) => {
    let server = bound;
    return {
      async renew() {
        // First: closing removes whatever is at the path.
        server.close();
        server = await bind(path, accept);
      },
      close() {
        server.close();
        for (const socket of open) socket.end();
      },
    };
  });
}

/** `sun_path` less its NUL: unix(7); 104 bytes with it on BSDs. */
const LONGEST_PATH = process.platform === 'linux' ? 107 : 103;

/** Throws UserError when the folder is not safe, or its path too long for a socket. */
function bind(path: string, accept: (socket: Socket) => void): Promise<Server> {
  if (Buffer.byteLength(path) > LONGEST_PATH)
    throw new UserError(
      ExitCode.daemon,
      `The path of the daemon's socket is too long: ${path} has ${Buffer.byteLength(path)} bytes, and ${LONGEST_PATH} is all that it may have.`,
      'Name a folder with a shorter path in UPKEEP_RUNTIME_DIR.',
    );
  claimPrivateFolder(dirname(path));
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, accept);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      server.on('error', () => undefined);
      resolve(server);
    });
  });
}

function serve(socket: Socket, handle: Handler): void {
  const gone = new AbortController();
  const send = (reply: Reply) => {
    if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`);
  };
  let text = '';
  let asked = false;
  socket.setEncoding('utf8');
  socket.setTimeout(HALF_OPEN_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.once('close', () => gone.abort());
  socket.once('end', () => {
    // Without a request nothing more can come of it: a probe, which must not hold a descriptor until the timeout.
    if (!asked) socket.end();
    // Has it closed its own half, or is it gone? Nothing is sent, and yet that fails with EPIPE when nobody is left to read.
    else socket.write('');
  });
  socket.on('data', (chunk: string) => {
    if (asked) return;
    text += chunk;
    const end = text.indexOf('\n');
    if (end < 0 && text.length <= MAX_REQUEST_BYTES) return;
    asked = true;
    socket.setTimeout(0);
    void answer(end < 0 ? null : text.slice(0, end), send, handle, gone.signal).finally(() => socket.end());
    text = '';
  });
}

async function answer(
  line: string | null,
  send: (reply: Reply) => void,
  handle: Handler,
  signal: AbortSignal,
): Promise<void> {
  const fail = (code: string, message: string) => send({ type: 'error', code, message });
  if (line === null) return fail('usage', `a request over ${MAX_REQUEST_BYTES} bytes is refused`);
  const raw = parse(line);
  const protocol = typeof raw === 'object' && raw !== null && 'protocol' in raw ? raw.protocol : undefined;
  const request = Request.safeParse(raw);
  // A greeting is answered whatever the version: its answer says which one this is.
  const isHello = typeof raw === 'object' && raw !== null && 'method' in raw && raw.method === 'hello';
  if (protocol !== PROTOCOL && !isHello)
    return fail('protocol', `this daemon speaks protocol ${PROTOCOL}, not ${String(protocol)}`);
  if (!request.success) return fail('usage', 'the request is not one that this daemon knows');
  try {
    await handle(request.data, send, signal);
  } catch (error) {
    if (error instanceof UserError)
      fail('usage', error.hint === null ? error.message : `${error.message}\n${error.hint}`);
    else {
      console.error(error);
      fail('internal', errorMessage(error));
    }
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
