/**
 * Who may come in. Any page that a browser shows can send requests to 127.0.0.1, and any program on this machine
 * can listen on another port of it and be sent the same cookies. So each request is looked at in this order, once
 * the connection is of a process of our own user (`mayConnect`):
 *
 *   Host              is our very address, else a name that leads here (DNS rebinding) would make us same-origin
 *   Origin, Sec-Fetch-Site
 *                     is ourselves, if the browser tells; pages of other ports are the same "site", not the same origin
 *   what it asks for  the page itself reveals nothing; all of /api needs one of these:
 *     Authorization   the workspace's token, for tools
 *     cookie and key  both from the one-time link. The cookie (HttpOnly) is not to be had by a script; the key is kept
 *                     by origin, port included, so a server that was sent the cookie cannot use it
 *
 * Pure.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

export interface Secrets {
  token: string;
  cookie: string;
  key: string;
}

/** Header values as they came; undefined: not sent. */
export interface Visit {
  method: string;
  path: string;
  host: string | undefined;
  origin: string | undefined;
  site: string | undefined;
  authorization: string | undefined;
  cookies: string | undefined;
  key: string | undefined;
}

export type Verdict =
  | { ok: true; by: 'nobody' | 'token' | 'browser' }
  | { ok: false; status: 401 | 403; why: string };

/** `address`: `127.0.0.1:PORT`. */
export function judge(visit: Visit, address: string, cookieName: string, secrets: Secrets): Verdict {
  if (visit.host !== address)
    return forbidden(`This is ${address}; it was asked for as ${visit.host ?? 'nothing'}.`);
  if (visit.origin !== undefined && visit.origin !== `http://${address}`)
    return forbidden('Requests from other pages are refused.');
  const isRead = visit.method === 'GET' || visit.method === 'HEAD';
  if (!visit.path.startsWith('/api/')) {
    if (!isRead) return forbidden('Here is only something to be looked at.');
    return { ok: true, by: 'nobody' };
  }
  if (visit.site !== undefined && visit.site !== 'same-origin' && visit.site !== 'none')
    return forbidden('Requests from other pages are refused.');
  if (visit.authorization !== undefined) {
    const given = /^Bearer (\S+)$/i.exec(visit.authorization)?.[1];
    return given !== undefined && isSame(given, secrets.token) ? { ok: true, by: 'token' } : unauthorised();
  }
  const cookie = cookieOf(visit.cookies, cookieName);
  if (cookie === null || visit.key === undefined) return unauthorised();
  if (!isSame(cookie, secrets.cookie) || !isSame(visit.key, secrets.key)) return unauthorised();
  // A browser always tells the origin of what may change something.
  if (!isRead && visit.origin === undefined)
    return forbidden('A request that changes something has to name its origin.');
  return { ok: true, by: 'browser' };
}

/**
 * Before a byte is read: whether the process that connected is of our own user, of root, or of the person who became
 * root by `sudo`. `peer`: whose it is; null: it cannot be told (another system, a forwarded port), and the token
 * alone decides.
 */
export function mayConnect(peer: number | null, own: number | undefined, sudoer?: string): boolean {
  if (peer === null || own === undefined || peer === own || peer === 0) return true;
  return own === 0 && sudoer !== undefined && peer === Number(sudoer);
}

function forbidden(why: string): Verdict {
  return { ok: false, status: 403, why };
}

function unauthorised(): Verdict {
  return {
    ok: false,
    status: 401,
    why: 'Not signed in here. Run "upkeep open" in the workspace, and use its link.',
  };
}

/** In a time that tells nothing of where they differ, nor of their lengths. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The last one counts of several with the same name: null then, since who else set one? */
function cookieOf(header: string | undefined, name: string): string | null {
  const values = (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1));
  return values.length === 1 ? (values[0] ?? null) : null;
}

/** By workspace: another one's gateway is on another port, and would be sent the same cookies. */
export function cookieName(workspaceId: string): string {
  return `upkeep-${workspaceId}`;
}
