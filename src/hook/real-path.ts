/** Node's loaders give real paths, except when they are told not to. */
import { realpathSync } from 'node:fs';

const { native } = realpathSync;
const preserved = /(?:^|\s)--preserve-symlinks(?:-main)?(?:\s|$)/.test(
  `${process.execArgv.join(' ')} ${process.env['NODE_OPTIONS'] ?? ''}`,
);

/** The path with its symlinks resolved. */
export function realPath(path: string): string {
  return preserved ? resolved(path) : path;
}

/** Likewise, for a path that an app gave; itself when there is no such file. */
export function resolved(path: string): string {
  try {
    return native(path);
  } catch {
    return path;
  }
}
