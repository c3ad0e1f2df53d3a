/**
 * Who has loaded what, judged without Upkeep: esbuild reads the sources and says what each of them asks for; what no
 * bundler can see (paths that are made at run time, threads, children) the workspace's maker knows.
 */
import { realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { isLater, keyOf, type Link, type Module } from './modules.ts';

/** esbuild names what was imported as JSON with that in its name. */
function realFile(root: string, path: string): string {
  return relative(root, realpathSync(join(root, path.replace(/ with \{.*\}$/, ''))));
}

export class Judge {
  /** By file, what its links lead to that esbuild found. */
  readonly #seen: Map<string, Set<string>>;
  readonly #modules: ReadonlyMap<string, Module>;

  private constructor(seen: Map<string, Set<string>>, modules: ReadonlyMap<string, Module>) {
    this.#seen = seen;
    this.#modules = modules;
  }

  /** Looks at the sources as they are now. `root`: absolute. */
  static async of(root: string, modules: readonly Module[]): Promise<Judge> {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: modules.filter(({ kind }) => kind !== 'json').map(({ file }) => file),
      bundle: true,
      platform: 'node',
      format: 'esm',
      outdir: join(root, 'never-written'),
      write: false,
      metafile: true,
      logLevel: 'error',
      logOverride: { 'empty-import-meta': 'silent', 'unsupported-dynamic-import': 'silent' },
    });
    const seen = new Map<string, Set<string>>();
    for (const [file, { imports }] of Object.entries(metafile.inputs)) {
      const inside = imports.filter(({ external }) => external !== true);
      seen.set(file, new Set(inside.map(({ path }) => realFile(root, path))));
    }
    return new Judge(seen, new Map(modules.map((module) => [module.file, module])));
  }

  /** Files that a start of this one loads. */
  loadedBy(file: string): Set<string> {
    const found = new Set<string>();
    const open = [file];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(...this.#loadsAtOnce(next));
    }
    return found;
  }

  /** What requests may load in the process that has loaded these from `entry`; threads and children answer none. */
  laterIn(entry: string, done: ReadonlySet<string>): { key: string; to: string }[] {
    const own = new Set<string>();
    const open = [entry];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (own.has(next) || !done.has(next)) continue;
      own.add(next);
      const elsewhere = this.#links(next).filter(({ how }) => how === 'worker' || how === 'fork');
      const apart = new Set(elsewhere.map(({ to }) => to.file));
      open.push(...[...this.#loadsAtOnce(next)].filter((file) => !apart.has(file)));
    }
    return [...own].flatMap((file) => {
      const from = this.#modules.get(file);
      if (!from) return [];
      const later = from.links.filter(({ how }) => isLater(how));
      return later.map(({ to }) => ({ key: keyOf(from, to), to: to.file }));
    });
  }

  #links(file: string): Link[] {
    return this.#modules.get(file)?.links ?? [];
  }

  #loadsAtOnce(file: string): Set<string> {
    const files = new Set(this.#seen.get(file));
    for (const { to, how, hidden } of this.#links(file)) {
      if (isLater(how)) files.delete(to.file);
      else if (hidden || how === 'worker' || how === 'fork') files.add(to.file);
    }
    return files;
  }
}
