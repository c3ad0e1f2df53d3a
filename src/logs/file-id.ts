/** Which file it is, also when it has been renamed: an inode alone is given to another file as soon as its own is gone. */
import type { Stats } from 'node:fs';

/** Inode and time of birth, which statx(2) tells; where a file system knows none, 0 or one that is good enough. */
export function fileId({ ino, birthtimeMs }: Pick<Stats, 'ino' | 'birthtimeMs'>): string {
  return `${ino.toString(36)}.${Math.max(0, Math.floor(birthtimeMs)).toString(36)}`;
}
