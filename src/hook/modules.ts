/**
 * Module files as they are loaded, by either loader.
 *
 * Told when Node opens them: a CommonJS module (JSON too) is by then in `require.cache`, not loaded, and knows its
 * parent; an ES module is read by Node's own `esm/load`. Who imports what comes from the ES loader (`imports.ts`),
 * which is looked at only once ES modules come into play: that costs 10 µs a module, CommonJS apps are spared it.
 */
import { existsSync } from 'node:fs';
import type { ReadLine } from '../contract/report.ts';
import { atFirstUrl } from './first-url.ts';
import { flags } from './flags.ts';
import { HAS_HOOKS } from './has-hooks.ts';
import { mayImport } from './hints.ts';
import type { Imports } from './imports.ts';
import type { Lines } from './lines.ts';
import { Module } from './module-class.ts';
import type { Opened } from './opened.ts';
import { type OpenMode, watchOpens } from './opens.ts';
import { Parents } from './parents.ts';
import { patchLoad } from './patched-load.ts';
import { isPlugAndPlay, standsHooks } from './plug-and-play.ts';
import type { ReadFiles } from './reads.ts';
import { areReal, isForeign, realPath } from './real-path.ts';
import type { Report } from './report.ts';
import type { Scope } from './scope.ts';
import { callers } from './stack.ts';
import type { Thread } from './thread.ts';

export interface World {
  report: Report;
  scope: Scope;
  reads: ReadFiles;
  thread: Thread;
}

/** No path begins so: each is looked at. */
const NOWHERE = '\0/';
/** In the place of a parent: whether it was opened for an import is known once the imports before it are gone through. */
const UNDECIDED = undefined;
const ESM_HOOKS = 'node:internal/modules/esm/hooks';
const ESM_LOAD = /^node:internal\/modules\/esm\/(?:load|translators)$/;

/** Hands back whether imports are watched by now. */
export function watchModules(world: World): () => boolean {
  const modules = new Modules(world);
  if (watchOpens(modules) === null) {
    patchLoad((file, parent) => modules.loading(file, parent));
    modules.expectImports('resolve');
  } else if (loadersElsewhere()) modules.expectImports('resolve');
  else if (!HAS_HOOKS) atFirstUrl(() => modules.expectImports('open'));
  return () => modules.importsAreWatched;
}

/** With loaders of the app's own in a thread (`--import tsx`), files are read there and imports resolved here. */
function loadersElsewhere(): boolean {
  return /(?:^|\s)--(?:import|loader|experimental-loader)\b/.test(flags());
}

class Modules {
  readonly #world: World;
  readonly #told = new Set<string>();
  readonly #parents = new Parents();
  readonly #opened: Opened;
  #imports: Imports | null = null;
  /** Whether all who resolve in this process get along with hooks; null: not found out. */
  #standsHooks: boolean | null = null;

  constructor(world: World) {
    this.#world = world;
    this.#opened = world.report.opened({
      root: areReal ? world.scope.root : NOWHERE,
      told: this.#told,
      imports: () => this.#imports?.parents() ?? null,
      tell: (path, parent, at, lines) => this.#tell(path, parent, at, lines),
    });
  }

  get importsAreWatched(): boolean {
    return this.#imports !== null;
  }

  opening(path: string, mode: OpenMode): boolean {
    const imports = this.#imports;
    if (mode !== 'callback') {
      const cached = Module._cache[path];
      if (cached !== undefined && !cached.loaded) {
        const parent = this.#parents.of(cached);
        if (isForeign(path)) return false;
        this.#opened.add(path, parent);
        return imports === null;
      }
      if (imports?.complete) {
        if (!isForeign(path)) this.#opened.add(path, UNDECIDED);
        return false;
      }
      if (this.#isImported(path, mode)) {
        this.expectImports('open');
        this.loading(path, null);
        return false;
      }
    }
    if (imports?.complete !== true && this.#isReadByLoader(path)) {
      this.loading(path, null);
      return false;
    }
    if (!isForeign(path)) this.#world.report.note((at) => this.#read(path, at));
    return false;
  }

  text(path: string, text: string): void {
    if (mayImport(path, text)) this.expectImports('open');
  }

  loading(path: string, parent: string | null): void {
    if (!isForeign(path)) this.#opened.add(path, parent);
  }

  #tell(path: string, parent: string | null | undefined, at: number, lines: Lines): void {
    const imports = this.#imports;
    if (parent === UNDECIDED && imports?.knows(path) === false) {
      const line = this.#read(path, at);
      if (line !== null) lines.add(line);
      return;
    }
    if (this.#told.has(path)) return;
    this.#told.add(path);
    const file = realPath(withoutQuery(path));
    const from = parent ?? imports?.parents().get(path) ?? null;
    if (this.#world.scope.isSource(file)) lines.add(['load', at, file, from]);
  }

  #read(path: string, at: number): ReadLine | null {
    const file = this.#told.has(path) ? null : this.#world.reads.opened(path);
    return file === null ? null : ['read', at, file];
  }

  /** ES modules are coming. `when`: a file counts as loaded when it is opened, or when an import of it is resolved. */
  expectImports(when: 'open' | 'resolve'): void {
    // Hooks in the thread of the app's loaders would break those.
    if (this.#imports !== null || !this.#mayWatchImports()) return;
    const { watchImports } = require('./imports.ts') as typeof import('./imports.ts');
    this.#imports = watchImports({
      missing: (specifier, parent) => this.#world.report.missing(specifier, parent),
      resolved: when === 'resolve' ? (path, parent) => this.loading(path, parent) : null,
    });
  }

  #mayWatchImports(): boolean {
    if (HAS_HOOKS && this.#world.thread === 'loader') return false;
    if (this.#standsHooks === null) {
      // Not again while that is found out, which opens a file itself.
      this.#standsHooks = false;
      this.#standsHooks = !HAS_HOOKS || !isPlugAndPlay() || standsHooks();
    }
    return this.#standsHooks;
  }

  /**
   * A loader of the app's own reads it in its thread, for an `import` or to resolve one. Manifests are no modules, and what
   * lies elsewhere is its cache.
   */
  #isReadByLoader(path: string): boolean {
    const { thread, scope } = this.#world;
    if (thread === 'main' || path.endsWith('.json') || !scope.isProjectFile(path)) return false;
    return callers(this.opening).includes(ESM_HOOKS);
  }

  /** Read by Node for an `import`, not by the app. */
  #isImported(path: string, mode: OpenMode): boolean {
    const imports = this.#imports;
    if (imports?.knows(path)) return true;
    if (imports?.complete) return false;
    // Node 18 reads ES modules by promises only.
    if (mode === 'sync' && IS_18) return false;
    const names = callers(this.opening);
    const app = names.findIndex((name) => name !== '' && !name.startsWith('node:') && !isBetween(name));
    return (app === -1 ? names : names.slice(0, app)).some((name) => ESM_LOAD.test(name));
  }
}

/** Of a function that was put in the place of Node's: ours, or Yarn's that reads archives. */
const isBetween = (name: string) => name === __filename || name.endsWith('/.pnp.cjs');

/** Loaders of the app's own put queries on the names of CommonJS modules; a real name may hold one too. */
function withoutQuery(path: string): string {
  const query = path.indexOf('?');
  return query === -1 || existsSync(path) ? path : path.slice(0, query);
}

const IS_18 = process.versions.node.startsWith('18.');
