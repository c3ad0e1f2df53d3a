/** Node's loaders give real paths, except when they are told not to. */
import { realpathSync } from 'node:fs';
import { flags } from './flags.ts';
import { isInstalled } from './scope.ts';

const { native } = realpathSync;
/** Told so, they give paths as they were asked for. */
const preserved = /(?:^|\s)--preserve-symlinks(?:-main)?(?:\s|$)/.test(flags());

/** Paths that loaders open are real ones. */
export const areReal = !preserved;

/** Certainly not the project's: no path through a link that is the project's after all. */
export function isForeign(path: string): boolean {
  return !preserved && isInstalled(path);
}

/** The path with its symlinks resolved. */
export function realPath(path: string): string {
  return preserved ? resolved(path) : path;
}

/** `node:path` takes 0.5 ms, and is seldom asked for. */
export function absolutePath(...segments: string[]): string {
  const { resolve } = require('node:path') as typeof import('node:path');
  return resolve(...segments);
}

/** Likewise, for a path that an app gave; itself when there is no such file. */
export function resolved(path: string): string {
  try {
    return native(path);
  } catch {
    return path;
  }
}
