/** What lets this page in, together with its cookie. */

const KEY = 'upkeep-key';

/** The key that a one-time link has left in the page's address: kept for this origin, and taken out of the address. */
export function keyOfPage(): string | undefined {
  const given = /^#key=([\w-]+)$/.exec(location.hash)?.[1];
  if (given !== undefined) {
    localStorage.setItem(KEY, given);
    history.replaceState(null, '', location.pathname);
  }
  return localStorage.getItem(KEY) ?? undefined;
}
