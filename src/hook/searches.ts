/** What `require` searches for: what it does not find, and native addons, which no `fs` opens but dlopen(3). */
import { replace } from './bindings.ts';
import { Module } from './module-class.ts';
import { absolutePath } from './real-path.ts';
import type { Report } from './report.ts';
import { isInstalled, pathOfUrl, type Scope } from './scope.ts';
import { callers } from './stack.ts';

/** A module that is looked for again and again is told once; more than this many are a bundler's business. */
const MOST = 1000;

/**
 * By the search itself, which has returned when the error is made: it leaves no frame in its stack.
 * A failed import searches too, for its hint: that is told by `imports.ts`, if `importsAreWatched`.
 */
export function watchSearches(report: Report, scope: Scope, importsAreWatched: () => boolean): void {
  const missing = missingOnce(report);
  const loader = Module as unknown as Record<string, unknown>;
  replace(loader, '_findPath', (original) => {
    return function findPath(this: unknown, ...args: unknown[]) {
      const found = Reflect.apply(original, this, args);
      if (found === false && typeof args[0] === 'string') {
        const names = callers(findPath);
        const imported = names.includes('node:internal/modules/esm/resolve');
        if (!imported) missing(...asked(args[0], args[1], names));
        else if (!importsAreWatched()) missing(args[0], null);
      } else if (typeof found === 'string' && found.endsWith('.node') && scope.isSource(found)) {
        // At once: its code may take the process with it.
        report.load(found, firstFile(callers(findPath)));
      }
      return found;
    };
  });
}

/**
 * What was asked for, and who asked. `folders`: where `_findPath` was to look; for a relative path that is the folder of
 * who asked, by which he is told from a loader of the app's that stands between (tsx, ts-node).
 */
function asked(request: string, folders: unknown, names: readonly string[]): [string, string | null] {
  const folder: unknown = Array.isArray(folders) ? folders[0] : undefined;
  if (!/^\.{1,2}(?:\/|$)/.test(request) || typeof folder !== 'string') return [request, firstFile(names)];
  const parent = firstFile(names, `${folder}/`);
  return parent === null && !isInstalled(`${folder}/`)
    ? [absolutePath(folder, request), null]
    : [request, parent];
}

/** The file whose code asks, if it must be so directly in `folder`; ES modules are named by url in a stack. */
function firstFile(names: readonly string[], folder?: string): string | null {
  for (const name of names) {
    const path = name.startsWith('file:') ? pathOfUrl(name) : name;
    if (!path?.startsWith('/') || path === __filename) continue;
    if (folder === undefined || path.slice(0, path.lastIndexOf('/') + 1) === folder) return path;
  }
  return null;
}

/** What an installed package may do without (`try { require('bufferutil') }`) is not the project's matter. */
export function isOwnMatter(specifier: string, parent: string | null): boolean {
  // A loader that takes any name for a path tries this too.
  if (specifier.includes('/node:')) return false;
  return (
    parent === null || !isInstalled(parent) || specifier.startsWith('/') || specifier.startsWith('file:')
  );
}

/** Tells each pair once. Never throws. */
export function missingOnce(report: Pick<Report, 'missing'>): Report['missing'] {
  const told = new Set<string>();
  return (specifier, parent) => {
    const key = `${parent}\n${specifier}`;
    if (told.has(key) || told.size >= MOST || !isOwnMatter(specifier, parent)) return;
    told.add(key);
    report.missing(specifier, parent);
  };
}
