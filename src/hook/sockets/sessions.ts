/** The HTTP/2 sessions of a server. Node 24 on keeps them; before, nobody can ask for them later. */
import { symbolValue } from './natives.ts';

export interface Http2Session extends NodeJS.EventEmitter {
  destroyed: boolean;
  goaway(code: number, lastStream: number): void;
  close(): void;
}

const noted = new WeakMap<object, Set<Http2Session>>();

/** Where Node does not, from now on: a listener that an app could count, for HTTP/2 servers on Node 18 to 22 only. */
export function watchSessions(server: object | null): void {
  if (server === null || !isHttp2(server) || noted.has(server) || kept(server) !== null) return;
  const sessions = new Set<Http2Session>();
  noted.set(server, sessions);
  (server as NodeJS.EventEmitter).on('session', (session: Http2Session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
}

/** That runs over this socket. */
export function sessionOver(socket: object, server: object): Http2Session | null {
  for (const session of kept(server) ?? noted.get(server) ?? []) {
    if (holds(session, socket)) return session;
  }
  return null;
}

function kept(server: object): Set<Http2Session> | null {
  const sessions = symbolValue(server, 'sessions');
  return sessions instanceof Set ? sessions : null;
}

/** Under a symbol of Node's own; what `session.socket` gives is another object. */
function holds(session: object, socket: object): boolean {
  return Object.getOwnPropertySymbols(session).some(
    (symbol) => (session as Record<symbol, unknown>)[symbol] === socket,
  );
}

const isHttp2 = (server: object) => /^Http2(?:Secure)?Server$/.test(server.constructor.name);
