/**
 * Where a file would have to come to be for a specifier that could not be resolved: what Node
 * (https://nodejs.org/api/modules.html#all-together), tsx, Python and Ruby would try next time.
 */
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
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
/** Folders above a Python file in which an absolute import may begin. */
const MAX_PYTHON_ROOTS = 8;

export interface Place {
  /** Folder that the service starts in: what an entry's relative path is relative to. */
  cwd: string;
  /** Folder of the workspace: absolute imports of Python are looked for up to here. */
  root: string;
}

/** Absolute paths, the likeliest first. Empty for a package, an alias, or what a package lacks in itself. */
export function candidatePaths(specifier: string, parent: string | null, place: Place): string[] {
  return candidatesOf(specifier, parent, place).filter((path) => !isInstalled(path));
}

function candidatesOf(specifier: string, parent: string | null, place: Place): string[] {
  const from = parent === null ? place.cwd : dirname(parent);
  if (parent?.endsWith('.py')) return pythonPaths(specifier, from, place.root);
  const path = asPath(specifier, from);
  if (path === null) return [];
  return parent?.endsWith('.rb') ? [path, `${path}.rb`, `${path}.so`] : nodePaths(path);
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

/** `.b.c` and `..b` begin at the package of the file, `a.b` at any folder of `sys.path`: those above the file are tried. */
function pythonPaths(specifier: string, from: string, root: string): string[] {
  if (isAbsolute(specifier)) return [specifier];
  const [, dots = '', dotted = ''] = /^(\.*)(.*)$/s.exec(specifier) ?? [];
  const names = dotted === '' ? [] : dotted.split('.');
  if (!names.every((name) => /^[\p{L}\p{N}_]+$/u.test(name))) return [];
  if (dots !== '') return modulePaths(resolve(from, ...Array(dots.length - 1).fill('..')), names);
  return foldersUpTo(from, root).flatMap((folder) => modulePaths(folder, names));
}

function modulePaths(folder: string, names: string[]): string[] {
  const path = join(folder, ...names);
  const packages = names.slice(0, -1).map((_, index) => join(folder, ...names.slice(0, index + 1)));
  return [
    ...(names.length === 0 ? [] : [`${path}.py`]),
    join(path, '__init__.py'),
    ...packages.map((each) => join(each, '__init__.py')),
  ];
}

function foldersUpTo(from: string, root: string): string[] {
  const folders = [from];
  for (let folder = from; folder !== root && folders.length < MAX_PYTHON_ROOTS; ) {
    folder = dirname(folder);
    if (basename(folder) === '' || !`${folder}/`.startsWith(`${root}/`)) break;
    folders.push(folder);
  }
  return folders;
}
