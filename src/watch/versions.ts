/** What a file holds, as a short string to compare: read once for all services, and only when its stamps moved. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { ABSENT } from './verdict.ts';

export interface Version {
  /** `absent`, a hash of the content, or size and mtime where the file is too large to hash. */
  readonly content: string;
  /** The newer of mtime and ctime, epoch ms; null when absent or in the future. */
  readonly stamp: number | null;
}

/** Content of a file that holds nothing, as many do in the middle of a save: the SHA-1 of no bytes. */
export const EMPTY = '2jmj7l5rSw0yVb/vlWAYkK/YBwk=';
export const UNREADABLE = 'unreadable';

/** Reads what a file holds now. */
export type ReadVersion = () => Version;

/** Larger files are compared by size and mtime, bytes. */
const HASH_LIMIT = 2 * 1024 * 1024;
/**
 * The kernel stamps files by its tick (up to 10 ms): a second write within one tick leaves the stamps as they
 * were. A hash is only trusted again if it was taken later than this after the stamps (ms).
 */
const STAMP_TICK = 20;

/** A reader of one file that remembers the last hash. `wall` is the clock in epoch ms. */
export function versionReader(file: string, wall: () => number): ReadVersion {
  let seen = '';
  let content = '';
  return () => {
    const now = wall();
    const stat = statFile(file);
    if (!stat) {
      seen = '';
      return linkVersion(file, now) ?? { content: ABSENT, stamp: null };
    }
    const stamp = newest(stat, now);
    const stamps = `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}`;
    if (stamps !== seen) content = contentOf(file, stat);
    seen = stamp !== null && stamp + STAMP_TICK < now ? stamps : '';
    return { content, stamp };
  };
}

/** A file's stamps as one string, for those who have to poll. */
export function stampsOf(file: string): string {
  try {
    const stat = fs.statSync(file);
    return `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}`;
  } catch {
    return ABSENT;
  }
}

function statFile(file: string): fs.Stats | null {
  try {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    return stat?.isFile() ? stat : null;
  } catch {
    return null;
  }
}

/** A link to a folder holds the name of that; null: it is none. */
function linkVersion(file: string, now: number): Version | null {
  try {
    if (!fs.statSync(file).isDirectory()) return null;
    const stat = fs.lstatSync(file);
    return stat.isSymbolicLink()
      ? { content: `link to ${fs.readlinkSync(file)}`, stamp: newest(stat, now) }
      : null;
  } catch {
    return null;
  }
}

/** Stamps in the future (a clock set back, an archive unpacked) tell nothing about before and after. */
function newest(stat: fs.Stats, now: number): number | null {
  const stamps = [stat.mtimeMs, stat.ctimeMs].filter((stamp) => stamp <= now + STAMP_TICK);
  return stamps.length > 0 ? Math.max(...stamps) : null;
}

function contentOf(file: string, stat: fs.Stats): string {
  if (stat.size > HASH_LIMIT) return `size ${stat.size}, mtime ${stat.mtimeMs}`;
  try {
    return hashOf(fs.readFileSync(file));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? ABSENT : UNREADABLE;
  }
}

function hashOf(content: string | Buffer): string {
  return createHash('sha1').update(content).digest('base64');
}
