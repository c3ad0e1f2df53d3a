/** Whether somebody holds an flock(2), without taking it: a probe that takes it would turn a starting guard away. */
import { statSync } from 'node:fs';
import { readText } from './files.ts';

/** Null where the platform does not tell (no /proc/locks). */
export function isLocked(path: string, locks = '/proc/locks'): boolean | null {
  const table = readText(locks);
  if (table === null) return null;
  const ino = statSync(path, { throwIfNoEntry: false })?.ino;
  return ino !== undefined && lockedInodes(table).has(ino);
}

/** Inodes under an flock: `1: FLOCK ADVISORY WRITE 1234 08:01:131130 0 EOF`, see proc_locks(5). */
export function lockedInodes(table: string): Set<number> {
  const found = new Set<number>();
  for (const line of table.split('\n')) {
    const match = /^\d+: FLOCK .* [0-9a-f]+:[0-9a-f]+:(\d+) /.exec(line);
    if (match !== null) found.add(Number(match[1]));
  }
  return found;
}
