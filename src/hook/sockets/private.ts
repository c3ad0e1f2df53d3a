/** A connection that comes by the control socket, as a client of the app's server. */
import type { Socket } from 'node:net';
import { loopback } from './addresses.ts';
import type { SocketAddress } from './natives.ts';

/** A net.Server, and what net.js does with it when it accepts. */
interface AcceptingServer extends NodeJS.EventEmitter {
  _connections: number;
  allowHalfOpen: boolean;
}

type AcceptedSocket = Socket & { server: unknown; _server: unknown; _handle: object };

/** A unix socket has no port: the first of the ephemeral ones (RFC 6335, 6) stands for it. */
const REMOTE_PORT = 49_152;

/** To the server it comes from this machine, over TCP. `address`: that the server is bound to. */
export function handOver(socket: Socket, server: object, address: string, port: number): void {
  const accepting = server as AcceptingServer;
  const accepted = socket as AcceptedSocket;
  const host = loopback(address);
  Object.assign(accepted._handle, {
    getpeername: answer({ ...host, port: REMOTE_PORT }),
    getsockname: answer({ ...host, port }),
  });
  accepted.allowHalfOpen = accepting.allowHalfOpen;
  accepted.server = accepting;
  accepted._server = accepting;
  accepting._connections++;
  accepted.ref();
  accepting.emit('connection', accepted);
}

function answer(address: SocketAddress): (out: SocketAddress) => number {
  return (out) => {
    Object.assign(out, address);
    return 0;
  };
}
