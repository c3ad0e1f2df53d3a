/** What a person typed into the search, as the API and as the page want it. Pure. */

export interface Wanted {
  grep: string;
  /** Global: for marks. */
  marks: RegExp;
  /** Without state: for tests. */
  test: RegExp;
}

/** A text, case ignored; `/like this/` is a regular expression. Null: nothing. Throws SyntaxError for a broken one. */
export function wantedBy(typed: string): Wanted | null {
  if (typed === '') return null;
  const regular = /^\/(.+)\/(i?)$/.exec(typed);
  const source = regular?.[1] ?? typed.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const flags = regular === null ? 'i' : (regular[2] ?? '');
  return {
    grep: flags === 'i' ? `(?i)${source}` : source,
    marks: new RegExp(source, `g${flags}`),
    test: new RegExp(source, flags),
  };
}
