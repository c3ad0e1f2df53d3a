/** The connections of a server, found when they are asked for: nothing is noted while it serves. */
import { symbolValue } from './natives.ts';
import type { tlsSocketOver } from './secure.ts';
import type { Http2Session, sessionOver } from './sessions.ts';

/** A response of node:http. */
interface Response {
  shouldKeepAlive: boolean;
  headersSent: boolean;
}

/** A net.Socket or TLSSocket, and what node:http, http2 and ws leave on it. */
export interface Socket {
  bytesRead: number;
  server?: unknown;
  _server?: unknown;
  _handle?: object | null;
  parser?: unknown;
  _httpMessage?: Response | null;
  destroy(): void;
  end(): void;
  write(bytes: Uint8Array): void;
}

export interface WebSocket {
  close(code: number, reason?: string): void;
}

/** `socket`: the one that the server's protocol runs over, a TLSSocket where there is TLS. */
export type Connection =
  | { kind: 'http1'; socket: Socket; response: Response | null }
  | { kind: 'http2'; socket: Socket; session: Http2Session }
  | { kind: 'ws'; socket: Socket; webSocket: WebSocket }
  | { kind: 'upgraded'; socket: Socket }
  | { kind: 'other'; socket: Socket };

/** What was noted while it serves. */
export interface Layers {
  sessionOver: typeof sessionOver;
  tlsSocketOver: typeof tlsSocketOver;
}

export function connectionsOf(servers: ReadonlySet<object>, layers: Layers): Connection[] {
  const { _getActiveHandles: handles } = process as unknown as { _getActiveHandles(): unknown[] };
  return handles
    .call(process)
    .filter(isSocket)
    .flatMap((socket) => {
      const server = socket._server;
      return isObject(server) && servers.has(server) ? [describe(socket, server, layers)] : [];
    });
}

function describe(raw: Socket, server: object, layers: Layers): Connection {
  const socket = overTls(raw, layers) ?? raw;
  const session = layers.sessionOver(socket, server);
  if (session !== null) return { kind: 'http2', socket, session };
  if (isObject(socket.parser)) return { kind: 'http1', socket, response: socket._httpMessage ?? null };
  const webSocket = symbolValue(socket, 'websocket');
  if (has<WebSocket>(webSocket, 'close')) return { kind: 'ws', socket, webSocket };
  return { kind: wasHttp(socket) && takesUpgrades(server) ? 'upgraded' : 'other', socket };
}

function overTls(raw: Socket, { tlsSocketOver }: Layers): Socket | null {
  const found = isObject(raw._handle) ? tlsSocketOver(raw._handle) : null;
  return isSocket(found) ? found : null;
}

/** node:http sets this on every socket that it takes, and leaves it there at an upgrade. */
const wasHttp = (socket: object) => Object.hasOwn(socket, '_paused');

function takesUpgrades(server: object): boolean {
  return has<NodeJS.EventEmitter>(server, 'listenerCount') && server.listenerCount('upgrade') > 0;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function has<T>(value: unknown, method: keyof T): value is T {
  return isObject(value) && typeof (value as T)[method] === 'function';
}

function isSocket(value: unknown): value is Socket {
  return has<Socket>(value, 'destroy') && has<Socket>(value, 'write');
}
