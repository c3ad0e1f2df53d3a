/**
 * Ports for services under test, unique among everything that uses this file on the machine at once.
 * The claim on TCP port N is a UDP socket on N: the kernel keeps it exclusive, lets a server have the TCP
 * port meanwhile, and drops it when the test process dies. The range lies below the ephemeral ports, so no
 * outgoing connection takes one either.
 */
import { createSocket, type Socket } from 'node:dgram';
import { createServer } from 'node:net';

const FIRST = 20_000;
const COUNT = 10_000;

export interface PortClaim {
  readonly port: number;
  release(): Promise<void>;
}

/** @throws Error when no port of the range is free. */
export async function claimPort(): Promise<PortClaim> {
  const begin = Math.floor(Math.random() * COUNT);
  for (let step = 0; step < COUNT; step++) {
    const port = FIRST + ((begin + step) % COUNT);
    const socket = await claim(port);
    if (!socket) continue;
    const release = () => new Promise<void>((resolve) => socket.close(() => resolve()));
    if (await isFree(port)) return { port, release };
    await release();
  }
  throw new Error(`no free port between ${FIRST} and ${FIRST + COUNT - 1}`);
}

function claim(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(null));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      socket.unref();
      resolve(socket);
    });
  });
}

/** Whether a server could listen on this TCP port on every address. */
export async function isFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '0.0.0.0', '::']) if (!(await canListen(port, host))) return false;
  return true;
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Without IPv6 there is no `::` to be taken.
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
