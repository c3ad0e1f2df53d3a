/** What is at a path, where it may well be that nothing is. */
import { type Stats, statSync } from 'node:fs';

/** Null: nothing is there, or what should be a folder above it is none. Throws what else the file system throws. */
export function statAt(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    throw error;
  }
}

/** By it a file is known again under another name; null as `statAt`. */
export function inodeAt(path: string): number | null {
  return statAt(path)?.ino ?? null;
}
