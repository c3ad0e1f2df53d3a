/**
 * Where a file would have to come to be for a specifier that could not be resolved: what Node
 * (https://nodejs.org/api/modules.html#all-together), tsx, Python and Ruby would try next time.
 * Their hooks differ: Node's tells the specifier as it is written, those of Python and Ruby an absolute path
 * without its ending, once for each folder in which the module was looked for.
 */
import { dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInstalled } from './packages.ts';

/** In the order in which they are tried, as far as the tools agree. */
const ENDINGS = ['.js', '.json', '.node', '.ts', '.tsx', '.jsx', '.mjs', '.cjs', '.mts', '.cts'];
/** TypeScript names a source by what it becomes. */
const SOURCES: Record<string, string[]> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};
const PYTHON = ['.py', '/__init__.py'];
const RUBY = ['.rb', '.so'];

/**
 * Absolute paths, the likeliest first. Empty for a package, an alias, or what a package lacks in itself.
 * `cwd`: folder that the service starts in, which an entry's path is relative to.
 */
export function candidatePaths(specifier: string, parent: string | null, cwd: string): string[] {
  const path = asPath(specifier, parent === null ? cwd : dirname(parent));
  if (path === null) return [];
  return pathsFrom(path, parent).filter((each) => !isInstalled(each));
}

function pathsFrom(path: string, parent: string | null): string[] {
  const others = (endings: string[]) => endings.map((each) => path + each);
  if (parent === null) return [...nodePaths(path), ...others(PYTHON), ...others(RUBY)];
  if (parent.endsWith('.py')) return others(PYTHON);
  if (parent.endsWith('.rb')) return [path, ...others(RUBY)];
  return nodePaths(path);
}

/** Null for what is not a path: a package's name, an alias, another scheme. */
function asPath(specifier: string, from: string): string | null {
  const bare = specifier.replace(/[?#].*$/s, '');
  if (bare.startsWith('file:')) return urlPath(bare);
  if (isAbsolute(specifier)) return resolve(bare);
  // `import` cuts a query off, `require` takes it for a part of the name: neither is worth a guess here.
  return /^\.{1,2}(?:\/|$)/.test(specifier) ? resolve(from, bare) : null;
}

function urlPath(url: string): string | null {
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}

function nodePaths(path: string): string[] {
  const ending = extname(path);
  const stem = path.slice(0, path.length - ending.length);
  return [
    path,
    ...(SOURCES[ending] ?? []).map((each) => stem + each),
    ...ENDINGS.map((each) => path + each),
    join(path, 'package.json'),
    ...ENDINGS.map((each) => join(path, `index${each}`)),
  ];
}
