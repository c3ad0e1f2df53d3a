import path from 'node:path';
import picomatch from 'picomatch';

/** Folders that hold no source of a service: never descended into, dot-folders (`.git`, `.upkeep`…) neither. */
const FOLDERS = new Set(['node_modules', 'coverage', '__pycache__']);
/** What editors, compilers and loggers leave beside sources. `4913` is vim's probe for a writable folder. */
const FILES = ['*~', '.#*', '#*#', '4913', '*.sw[a-p]', '*.tmp', '*.pyc', '*.log'];
/** Made at its first use: nobody asks while a daemon starts. */
let isJunk: ((name: string) => boolean) | null = null;

/** Whether everybody ignores a folder of this name, found below a glob's base. */
export function isJunkFolder(name: string): boolean {
  return name.startsWith('.') || FOLDERS.has(name);
}

/** Whether everybody ignores a file of this name, found below a glob's base. */
export function isJunkFile(name: string): boolean {
  isJunk ??= picomatch(FILES, { dot: true });
  return isJunk(name);
}

/**
 * A service's own `ignore` globs as one test of absolute paths: relative to `root`, absolute, or, without a
 * slash, a name at any depth (as in .gitignore). What stands below an ignored folder is ignored.
 */
export function ignoreTest(root: string, globs: string[]): (file: string) => boolean {
  const matchers = globs.map((glob) => matcherOf(root, glob));
  if (matchers.length === 0) return () => false;
  return (file) => selfAndAbove(file).some((each) => matchers.some((match) => match(each)));
}

function matcherOf(root: string, written: string): (file: string) => boolean {
  const glob = written.replace(/^\.\//, '').replace(/(?<=.)\/+$/, '');
  if (!glob.includes('/')) {
    const match = picomatch(glob, { dot: true });
    return (file) => isBelow(root, file) && match(path.basename(file));
  }
  const match = picomatch(glob, { dot: true });
  // A path may hold what would be a wildcard: `(old)/logs`.
  const literal = path.resolve(root, glob);
  return (file) => file === literal || match(path.isAbsolute(glob) ? file : path.relative(root, file));
}

function isBelow(root: string, file: string): boolean {
  const prefix = root.endsWith('/') ? root : `${root}/`;
  return file.startsWith(prefix);
}

function selfAndAbove(file: string): string[] {
  const chain: string[] = [];
  for (let each = file; each !== path.dirname(each); each = path.dirname(each)) chain.push(each);
  return chain;
}
