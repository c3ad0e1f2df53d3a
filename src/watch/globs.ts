import path from 'node:path';
import picomatch from 'picomatch';

/** One `include` entry, split into the folder to walk and the test of what stands below it. */
export interface Pattern {
  /** Absolute path where the walk begins; for an entry without wildcards it may be a file. */
  readonly base: string;
  /** Whether the pattern names this path; `below` is relative to `base`, `''` is the base itself. */
  matches(below: string): boolean;
  /** How many folder levels below `base` can hold a match. */
  readonly depth: number;
}

/** `include` entries of a service; those that begin with `!` are left to `excluded`. */
export function patterns(root: string, include: string[]): Pattern[] {
  return include.filter((glob) => !glob.startsWith('!')).map((glob) => patternOf(root, glob));
}

/** The globs that an `include` list takes back (`!generated/**`). */
export function excluded(include: string[]): string[] {
  return include.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
}

function patternOf(root: string, glob: string): Pattern {
  const { base, glob: rest, isGlob } = picomatch.scan(glob);
  if (!isGlob)
    return { base: path.resolve(root, glob), matches: () => true, depth: Number.POSITIVE_INFINITY };
  return { base: path.resolve(root, base), matches: picomatch(rest, { dot: true }), depth: depthOf(rest) };
}

/** Braces and groups may hold slashes: no limit is known then. */
function depthOf(rest: string): number {
  return /\*\*|[{(]/.test(rest) ? Number.POSITIVE_INFINITY : rest.split('/').length - 1;
}
