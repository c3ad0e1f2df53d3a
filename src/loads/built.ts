/** Commands that write what they run before they run it, by a program that is not known to build anything. */
import { statSync } from 'node:fs';
import type { Loaded } from './loaded.ts';

interface Runs {
  /** What makes the code that it runs; null: nothing that is known. */
  readonly builder: string | null;
  /** What its command runs before that; null: nothing. */
  readonly before: string | null;
}

/** `since`: epoch ms of the run's start. What its program began with was written after that: whoever ran before has built it. */
export function withBuilder<T extends Runs>(runs: T, loaded: Loaded | null, since: number): T {
  if (runs.builder !== null || runs.before === null || loaded === null) return runs;
  for (const file of loaded.orphans()) if (writtenAt(file) > since) return { ...runs, builder: runs.before };
  return runs;
}

/** Of a file that is gone: never. */
function writtenAt(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 0 : Math.max(stat.mtimeMs, stat.ctimeMs);
}
