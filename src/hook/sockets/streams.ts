/** The streams of an HTTP/2 session. */
import { symbolValue } from './natives.ts';
import type { Http2Session } from './sessions.ts';

/** Those that are not answered to their end. 0 where Node keeps them elsewhere. */
export function openStreams(session: Http2Session): number {
  const state = symbolValue(session, 'state') as { streams?: { size?: unknown } } | null | undefined;
  // A Map without the prototype of one.
  const size = state?.streams?.size;
  return typeof size === 'number' ? size : 0;
}
