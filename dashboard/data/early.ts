/**
 * The page's first request, for what runs and what happens: begun before any of its code is loaded, by a script that stands
 * in the page itself (../first.ts), so that the answer is there when the code is. The two share nothing but this.
 */
import { addressOf } from '../../src/http/address.ts';

export interface Early {
  readonly url: string;
  readonly response: Promise<Response>;
  abort(): void;
}

declare global {
  var upkeepEarly: Early | undefined;
}

/** A hidden page asks for no metrics: nobody looks at them. */
export function eventKinds(hidden: boolean): ('status' | 'journal' | 'metrics')[] {
  return hidden ? ['status', 'journal'] : ['status', 'journal', 'metrics'];
}

export function beginEarly(key: string | undefined): void {
  const url = addressOf('/api/events', { kinds: eventKinds(document.hidden) });
  const controller = new AbortController();
  const response = fetch(url, {
    credentials: 'same-origin',
    headers: key === undefined ? {} : { 'x-upkeep-key': key },
    signal: controller.signal,
  });
  // Whoever takes it is told of it.
  response.catch(() => undefined);
  globalThis.upkeepEarly = { url, response, abort: () => controller.abort() };
}

/** As `fetch`; what has been asked early is not asked again. */
export function fetchOnce(url: string, init: RequestInit): Promise<Response> {
  const early = globalThis.upkeepEarly;
  if (early === undefined || !url.startsWith('/api/events')) return fetch(url, init);
  globalThis.upkeepEarly = undefined;
  if (early.url !== url || init.signal?.aborted === true) {
    early.abort();
    return fetch(url, init);
  }
  init.signal?.addEventListener('abort', early.abort);
  return early.response;
}
