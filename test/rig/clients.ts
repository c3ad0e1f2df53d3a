/** Who asks a server again and again: over plain HTTP, TLS, HTTP/2 or a websocket, on new connections or a kept one. */
import { type EventEmitter, once } from 'node:events';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import { createRequire } from 'node:module';

/** What became of one request. `kept`: its connection had served before. */
export type Asked = { body: string } | { failed: string; kept: boolean };

export interface Client {
  ask(): Promise<Asked>;
  close(): void;
}

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Over one connection for as long as the server keeps it. */
  readonly keepAlive: boolean;
}

export type Protocol = 'http' | 'https' | 'http2' | 'ws';

/** Longest wait for one answer, in ms: longer than any start in these tests. */
const PATIENCE = 45_000;

/** For servers without a certificate, of which none has to be kept then. */
const ANONYMOUS = {
  ciphers: 'AECDH-AES128-SHA:@SECLEVEL=0',
  maxVersion: 'TLSv1.2',
  rejectUnauthorized: false,
} as const;

export function openClient(protocol: Protocol, target: Target): Client {
  switch (protocol) {
    case 'http':
      return httpClient(http, new http.Agent({ keepAlive: target.keepAlive, maxSockets: 1 }), target);
    case 'https': {
      const agent = new https.Agent({ keepAlive: target.keepAlive, maxSockets: 1, ...ANONYMOUS });
      return httpClient(https, agent, target);
    }
    case 'http2':
      return http2Client(target);
    case 'ws':
      return websocketClient(target);
  }
}

const nameOf = (error: NodeJS.ErrnoException) => error.code ?? error.message;

function httpClient(
  { get }: Pick<typeof http, 'get'>,
  agent: http.Agent,
  { host, port, path }: Target,
): Client {
  const ask = () =>
    new Promise<Asked>((resolve) => {
      const request = get({ port, host, path, agent }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          body += text;
        });
        response.on('error', fail);
        response.on('end', () => {
          if (response.statusCode === 200) resolve({ body });
          else fail(new Error(`status ${response.statusCode}`));
        });
      });
      const fail = (error: Error) => resolve({ failed: nameOf(error), kept: request.reusedSocket });
      request.setTimeout(PATIENCE, () => request.destroy(new Error('no answer')));
      request.on('error', fail);
    });
  return { ask, close: () => agent.destroy() };
}

/**
 * A session that the server has sent away takes no further request; the next one gets a new session. What crossed the
 * server's GOAWAY is asked again, as clients do: a refused stream has surely not been processed (RFC 9113, 8.7).
 */
function http2Client({ host, port, path, keepAlive }: Target): Client {
  let session: http2.ClientHttp2Session | null = null;
  const usable = () => {
    if (session !== null && !session.closed && !session.destroyed) return { session, kept: true };
    session = http2.connect(`http://${host}:${port}`);
    session.on('error', () => {});
    session.on('goaway', function (this: http2.ClientHttp2Session) {
      if (session === this) session = null;
    });
    return { session, kept: false };
  };
  const ask = (): Promise<Asked> =>
    new Promise((resolve) => {
      const { session: used, kept } = usable();
      const stream = used.request({ ':path': path });
      const fail = (error: Error) => {
        if (stream.rstCode !== http2.constants.NGHTTP2_REFUSED_STREAM)
          resolve({ failed: nameOf(error), kept });
        else setImmediate(() => resolve(ask()));
      };
      let status = 0;
      let body = '';
      stream.on('response', (headers) => {
        status = headers[':status'] ?? 0;
      });
      stream.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      stream.on('error', fail);
      stream.setTimeout(PATIENCE, () => stream.destroy(new Error('no answer')));
      stream.on('close', () => {
        if (!keepAlive) used.close();
        if (status === 200) resolve({ body });
        else fail(new Error(`status ${status}`));
      });
    });
  return { ask, close: () => session?.destroy() };
}

/** As far as it is used here: the package comes without types. */
type Socket = EventEmitter & {
  readyState: number;
  send(text: string): void;
  terminate(): void;
  close(): void;
};
const OPEN = 1;

/**
 * Sends a word and awaits one. A kept connection that the server closes with 1012 (service restart) before it has
 * answered is no failure: its client asks again on a new one, as it has been told.
 */
function websocketClient({ host, port, path, keepAlive }: Target): Client {
  const WebSocket = createRequire(import.meta.url)('ws') as new (url: string) => Socket;
  let socket: Socket | null = null;
  const ask = async (): Promise<Asked> => {
    const kept = socket?.readyState === OPEN;
    try {
      if (socket === null || !kept) {
        socket = new WebSocket(`ws://${host}:${port}${path}`);
        socket.on('error', () => {});
        await once(socket, 'open', { signal: AbortSignal.timeout(PATIENCE) });
      }
      const answer = await exchange(socket);
      if (!keepAlive) socket.close();
      return 'body' in answer
        ? answer
        : answer.code === 1012
          ? await ask()
          : { failed: `closed ${answer.code}`, kept };
    } catch (error) {
      return { failed: nameOf(error as Error), kept };
    }
  };
  return { ask, close: () => socket?.terminate() };
}

function exchange(socket: Socket): Promise<{ body: string } | { code: number }> {
  return new Promise((resolve) => {
    const onMessage = (data: unknown) => {
      socket.off('close', onClose);
      resolve({ body: String(data) });
    };
    const onClose = (code: number) => {
      socket.off('message', onMessage);
      resolve({ code });
    };
    socket.once('message', onMessage);
    socket.once('close', onClose);
    socket.send('which version?');
  });
}
