/** How a request's input is written into its address. */

export type Query = Record<string, unknown>;

/** What is undefined is left out; a list is said several times. */
export function addressOf(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) params.append(name, String(each));
  }
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}
