/** The port of a workspace's gateway: the same again and again, so that a tab that was left open lives on. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { errorCode } from '../platform/files.ts';

/** Below the ports that the kernel gives to connections (ip_local_port_range begins with 32768). */
const FIRST = 20_000;
const COUNT = 10_000;
const TRIES = 20;
const LOOPBACK = '127.0.0.1';

/** `before`: the port of last time. */
export function candidates(workspaceId: string, before: number | null): number[] {
  const usual = Array.from(
    { length: TRIES },
    (_, number) => FIRST + ((Number.parseInt(workspaceId.slice(0, 8), 16) + number * 7) % COUNT),
  );
  return [...new Set([...(before === null ? [] : [before]), ...usual])];
}

/** Null when the port is taken. Throws what else the kernel says. */
export function bind(port: number, listener: RequestListener): Promise<Server | null> {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  server.maxConnections = 256;
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (['EADDRINUSE', 'EACCES'].includes(errorCode(error) ?? '')) resolve(null);
      else reject(error);
    });
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => resolve(server));
  });
}
