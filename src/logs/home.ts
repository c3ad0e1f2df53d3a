/**
 * The workspace that a log belongs to, as a folder. When it was removed nothing may be made in its place, not even
 * by the last words of its services; when only a folder in it was, that is made anew.
 */
import { mkdirSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';

export interface Home {
  /** Makes a folder and what is missing above it, private unless `mode` says otherwise: what is printed may hold secrets. Throws what the file system throws, and when the workspace is gone. */
  make(folder: string, mode?: number): void;
}

/** By identity: another folder may stand at its path by now. */
export function homeAt(root: string): Home {
  const ino = inodeOf(root);
  return {
    make(folder, mode = 0o700) {
      if (ino === undefined || inodeOf(root) !== ino) throw new Error(`the workspace ${root} was removed`);
      const below = relative(root, folder);
      if (below.startsWith('..') || isAbsolute(below)) mkdirSync(folder, { recursive: true, mode });
      else makeEach(root, below, mode);
    },
  };
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** One by one: `recursive` would make a workspace anew that is removed in this moment. */
function makeEach(root: string, below: string, mode: number): void {
  let path = root;
  for (const name of below.split(sep)) {
    path = join(path, name);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) makeOne(path, mode);
  }
}

function makeOne(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Somebody else was quicker.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}
