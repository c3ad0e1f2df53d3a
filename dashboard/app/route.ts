/** Where one is in the dashboard: the address is the only truth, so that it can be kept, shared and gone back from. */
import { createSignal } from 'solid-js';

const read = () => ({ path: location.pathname, query: new URLSearchParams(location.search) });
const [route, setRoute] = createSignal(read());

export { route };

window.addEventListener('popstate', () => setRoute(read()));

export function go(address: string, { replace = false } = {}): void {
  if (address === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  setRoute(read());
  if (!replace) window.scrollTo(0, 0);
}

/** For the whole page: links to places in it do not load it anew. */
export function onLinkClick(event: MouseEvent): void {
  if (
    event.defaultPrevented ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  )
    return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.target !== '' || link.origin !== location.origin || link.hasAttribute('download'))
    return;
  const address = link.pathname + link.search;
  // To a place in this very page.
  if (link.hash !== '' && address === location.pathname + location.search) return;
  event.preventDefault();
  go(address);
}

/** Takes what is undefined or '' out of the query. */
export function withQuery(changes: Record<string, string | undefined>): string {
  const query = new URLSearchParams(route().query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? route().path : `${route().path}?${text}`;
}

export const pageOf = {
  service: (name: string, tab?: string) =>
    `/service/${encodeURIComponent(name)}${tab === undefined ? '' : `?tab=${tab}`}`,
  logs: (service?: string) =>
    service === undefined ? '/logs' : `/logs?services=${encodeURIComponent(service)}`,
};
