/** Commands that write what they run before they run it, by a program that is not known to build anything. */
import { statSync } from 'node:fs';
import type { Loaded } from './loaded.ts';

interface Runs {
  /** What makes the code that it runs; null: nothing that is known. */
  readonly builder: string | null;
  /** What its command runs before that; null: nothing. */
  readonly before: string | null;
  /** The file that its program begins with, as far as its command names it. */
  readonly entry: string | null;
}

/** `since`: epoch ms of the run's start. What its program began with was written after that: whoever ran before has built it. */
export function withBuilder<T extends Runs>(runs: T, loaded: Loaded | null, since: number): T {
  if (runs.builder !== null || runs.before === null || loaded === null) return runs;
  for (const file of beginnings(loaded, runs.entry))
    if (writtenAt(file) > since) return { ...runs, builder: runs.before };
  return runs;
}

/** Where it is not known who imports what, generated modules would be among the orphans. */
function beginnings(loaded: Loaded, entry: string | null): Iterable<string> {
  if (!loaded.isVague) return loaded.orphans();
  return entry !== null && loaded.has(entry) ? [entry] : [];
}

/** Of a file that is gone: never. */
function writtenAt(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 0 : Math.max(stat.mtimeMs, stat.ctimeMs);
}
