/** The next line that passes, in what is held, else in what is kept. */
import type { ApiLine, Level } from '../../src/contract/api/logs.ts';
import type { Feed } from './feed.ts';
import type { Wanted } from './pattern.ts';
import { bare } from './sequences.ts';

export interface Target {
  passes(line: ApiLine): boolean;
  query: { grep?: string; levels?: Level[] };
}

export const ERRORS: Target = {
  passes: ({ level }) => level === 'error' || level === 'fatal',
  query: { levels: ['error', 'fatal'] },
};

export function matching({ test, grep }: Wanted): Target {
  return { passes: ({ text }) => test.test(bare(text)), query: { grep } };
}

/**
 * `from`: index of the line to begin beside. The feed is moved to the line if it was not in it. Null: there is none;
 * undefined: see `Feed.seek`.
 */
export async function find(
  feed: Feed,
  target: Target,
  from: number,
  by: 1 | -1,
): Promise<ApiLine | null | undefined> {
  const lines = feed.lines();
  for (let at = from + by; at >= 0 && at < lines.length; at += by) {
    const line = lines[at];
    if (line !== undefined && target.passes(line)) return line;
  }
  return feed.seek(by === 1 ? 'newer' : 'older', target.query);
}
