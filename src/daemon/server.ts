/** The daemon's unix socket: one request a connection, answered line by line (see contract/protocol.ts). */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { claimPrivateFolder } from '../platform/files.ts';
import { type Conversation, converse, LIMITS, type Listener, turnAway } from './conversation.ts';

export interface ControlServer {
  /** Its socket was removed: makes it anew. Clients that are connected stay so. */
  renew(): Promise<void>;
  close(): void;
}

/** Listens at `path`, whatever stood there before: only the holder of the workspace's lock gets here. */
export function listen(path: string, listener: Listener, limits = LIMITS): Promise<ControlServer> {
  const open = new Map<Socket, Conversation>();
  const accept = (socket: Socket) => {
    if (open.size >= limits.clients && !makeRoom(open)) return turnAway(socket);
    socket.once('close', () => open.delete(socket));
    open.set(socket, converse(socket, listener, limits));
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
        for (const socket of open.keys()) socket.end();
      },
    };
  });
}

/** The oldest client that has not yet asked for anything makes way. False: all have, and are being answered. */
function makeRoom(open: Map<Socket, Conversation>): boolean {
  for (const [socket, { isWaiting }] of open) {
    if (!isWaiting) continue;
    open.delete(socket);
    socket.destroy();
    return true;
  }
  return false;
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
