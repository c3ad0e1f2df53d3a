/** Paths as they are shown: short, and harmless. Their names come from a process that nobody checks. */
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';

/** What moves the cursor, colours, rings, or turns the direction of writing. */
const UNSEEN = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;

/** Relative to the workspace, absolute outside of it; what is no path (a package's name) as it is. */
export function inWorkspace(root: string, path: string): string {
  return isAbsolute(path) && path.startsWith(`${root}/`) ? relative(root, path) : path;
}

/** For people: each control character as `?`. */
export function harmless(text: string): string {
  return text.replace(UNSEEN, '?');
}

/** The real path of what a person typed, as a run reports it; also of a file that does not exist (any more). */
export function realPath(typed: string, cwd: string): string {
  const path = resolve(cwd, typed);
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(realPath(folder, cwd), basename(path));
  }
}
