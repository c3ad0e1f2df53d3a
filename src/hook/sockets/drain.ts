/**
 * Sends the clients of a run away without failing any of them: they come back on a new connection, which the
 * next run accepts.
 *
 * An idle keep-alive connection is left for a while, since its client may be sending at this moment; its next
 * answer says `Connection: close`. HTTP/2 clients are told by GOAWAY (RFC 9113, 6.8), at first with the highest
 * stream number so that what is on its way is still answered.
 */
import { IDLE_GRACE_MS } from '../../contract/sockets.ts';
import type { Early } from '../early.ts';
import { type Connection, connectionsOf, type Layers, type Socket } from './connections.ts';
import { openStreams } from './streams.ts';

const LOOK_EVERY_MS = 40;
/** For the peer of a websocket to answer the close frame. */
const WEBSOCKET_GRACE_MS = 1000;
/** RFC 6455, 7.4.1, and the IANA registry: 1012 is Service Restart. */
const SERVICE_RESTART = 1012;
/** A close frame with that code. */
const CLOSE_FRAME = Uint8Array.of(0x88, 0x02, SERVICE_RESTART >> 8, SERVICE_RESTART & 0xff);
const LAST_STREAM = 2 ** 31 - 1;

/** What was seen of a connection. */
interface Seen {
  bytesRead: number;
  /** ms of `monotonic`, since when it does nothing. */
  idleSince: number;
}

export interface Drained {
  /** Connections that are open still. */
  left: number;
  /** Requests that were under way when it began, and those that came since. */
  requests: number;
}

export class Drain {
  readonly #servers: ReadonlySet<object>;
  readonly #layers: Layers;
  readonly #early: Early;
  readonly #seen = new WeakMap<Socket, Seen>();
  #requests = 0;

  /** They accept nothing any more. */
  constructor(servers: ReadonlySet<object>, layers: Layers, early: Early) {
    this.#servers = servers;
    this.#layers = layers;
    this.#early = early;
    // What is under way by now is counted once, whatever comes is as it comes.
    for (const connection of connectionsOf(servers, layers)) this.#requests += underWay(connection);
    answerWithClose(servers, () => this.#requests++);
    this.#look();
  }

  /** Resolves when no connection is left, or after `ms`. */
  async finish(ms: number): Promise<Drained> {
    const { monotonic: now } = this.#early;
    const end = now() + ms;
    for (;;) {
      await this.#pause(Math.max(0, Math.min(LOOK_EVERY_MS, end - now())));
      const left = this.#look();
      if (left === 0 || now() >= end) return { left, requests: this.#requests };
    }
  }

  /** Ends what is idle for long enough; how many are left. */
  #look(): number {
    let open = 0;
    for (const connection of connectionsOf(this.#servers, this.#layers)) {
      try {
        if (!this.#tend(connection)) open++;
      } catch {
        open++;
      }
    }
    return open;
  }

  /** True when it was ended. */
  #tend(connection: Connection): boolean {
    const { socket } = connection;
    const { monotonic: now } = this.#early;
    const seen = this.#seen.get(socket);
    if (seen === undefined) {
      this.#seen.set(socket, { bytesRead: socket.bytesRead, idleSince: now() });
      begin(connection, () => this.#requests++);
      return false;
    }
    if (isBusy(connection, seen)) {
      seen.bytesRead = socket.bytesRead;
      seen.idleSince = now();
      return false;
    }
    return end(connection, now() - seen.idleSince);
  }

  /** What came in while the process was busy is read before the time counts: only then is a connection idle. */
  #pause(ms: number): Promise<void> {
    const { setImmediate, setTimeout } = this.#early;
    return new Promise((resolve) => {
      setTimeout(() => setImmediate(() => setImmediate(resolve)), ms).unref();
    });
  }
}

function underWay(connection: Connection): number {
  if (connection.kind === 'http1') return connection.response === null ? 0 : 1;
  return connection.kind === 'http2' ? openStreams(connection.session) : 0;
}

/** Whatever is asked from now on. */
function answerWithClose(servers: ReadonlySet<object>, onRequest: () => void): void {
  const { subscribe } = require('node:diagnostics_channel') as typeof import('node:diagnostics_channel');
  subscribe('http.server.request.start', (message) => {
    const { server, response } = message as { server: object; response: { shouldKeepAlive: boolean } };
    if (!servers.has(server)) return;
    response.shouldKeepAlive = false;
    onRequest();
  });
}

/** At the first look. */
function begin(connection: Connection, onRequest: () => void): void {
  switch (connection.kind) {
    case 'http1':
      if (connection.response?.headersSent === false) connection.response.shouldKeepAlive = false;
      return;
    case 'http2':
      connection.session.on('stream', onRequest);
      return connection.session.goaway(0, LAST_STREAM);
    case 'ws':
      return connection.webSocket.close(SERVICE_RESTART);
    case 'upgraded':
      // Most libraries write a frame in one go: this one comes between two.
      return connection.socket.write(CLOSE_FRAME);
  }
}

/** HTTP/2 knows by itself what it waits for, and a websocket has been told. */
function isBusy(connection: Connection, seen: Seen): boolean {
  if (connection.kind === 'http1') {
    return connection.response !== null || connection.socket.bytesRead !== seen.bytesRead;
  }
  return connection.kind === 'other';
}

/** `idleMs`: for which it has done nothing. */
function end(connection: Connection, idleMs: number): boolean {
  if (connection.kind === 'upgraded') {
    if (idleMs >= 2 * WEBSOCKET_GRACE_MS) connection.socket.destroy();
    else if (idleMs >= WEBSOCKET_GRACE_MS) connection.socket.end();
    return false;
  }
  if (idleMs < IDLE_GRACE_MS) return false;
  if (connection.kind === 'http2') {
    connection.session.close();
    return connection.session.destroyed;
  }
  if (connection.kind !== 'http1') return false;
  connection.socket.destroy();
  return true;
}
