/**
 * Binding a TCP socket without listening on it. `net.BoundSocket` does that since Node 24.21; before, `net` has it as
 * an internal that every version from 18 on carries, without a warning.
 */
import net from 'node:net';
import { getSystemErrorName } from 'node:util';
import { errorCode } from '../platform/files.ts';

export interface BoundSocket {
  /** Valid until it is closed. */
  fd: number;
  /** Listens without ever accepting; to be closed within the same turn, since the event loop would accept. False: it cannot. */
  listen(): boolean;
  close(): void;
}

/** As system errors are called: EADDRINUSE, EADDRNOTAVAIL… */
export interface BindError {
  code: string;
}

interface PublicBoundSocket {
  fd(): number;
  close(): void;
}

interface Handle {
  fd: number;
  getsockname(out: Record<string, unknown>): number;
  close(): void;
}

/** What `@types/node` of the oldest Node that counts does not know. */
const internals = net as unknown as {
  BoundSocket?: new (options: { host: string; port: number }) => PublicBoundSocket;
  _createServerHandle?: (host: string, port: number, family: 4 | 6) => Handle | number;
};

/** As many as may wait to be accepted; the kernel's own limit counts (listen(2), somaxconn). */
const BACKLOG = 4096;

/** `host`: a numeric address. */
export function bindSocket(host: string, port: number): BoundSocket | BindError {
  if (internals.BoundSocket !== undefined) return bindPublic(internals.BoundSocket, host, port);
  const bound = internals._createServerHandle?.(host, port, host.includes(':') ? 6 : 4);
  if (bound === undefined) return { code: 'ENOSYS' };
  if (typeof bound === 'number') return { code: codeOf(bound) };
  // libuv keeps EADDRINUSE to itself until the socket listens, or is asked for its name.
  const failed = bound.getsockname({});
  if (failed === 0) return { fd: bound.fd, listen: () => listenOn(bound), close: () => bound.close() };
  bound.close();
  return { code: codeOf(failed) };
}

function bindPublic(
  Bound: NonNullable<typeof internals.BoundSocket>,
  host: string,
  port: number,
): BoundSocket | BindError {
  try {
    const bound = new Bound({ host, port });
    let server: net.Server | null = null;
    return {
      fd: bound.fd(),
      listen() {
        server = net.createServer();
        return listenBy(server, bound);
      },
      // Once a server has taken it over, it is the server's.
      close: () => (server === null ? bound : server).close(),
    };
  } catch (error) {
    return { code: errorCode(error) ?? 'UNKNOWN' };
  }
}

function listenOn(handle: Handle): boolean {
  return (handle as unknown as { listen(backlog: number): number }).listen(BACKLOG) === 0;
}

function listenBy(server: net.Server, bound: PublicBoundSocket): boolean {
  server.on('error', () => undefined);
  server.listen(bound, BACKLOG);
  return server.listening;
}

function codeOf(errno: number): string {
  return getSystemErrorName(errno) ?? String(errno);
}
