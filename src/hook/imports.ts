/** Who imports which ES module, and which imports fail: by the way that this Node has. */

import { HAS_HOOKS } from './has-hooks.ts';
import { type ImportHooks, watchByHooks } from './import-hooks.ts';
import { watchByUrls } from './import-urls.ts';
import { isForeign } from './real-path.ts';
import { pathOfUrl } from './scope.ts';

export interface ImportWatcher {
  missing(specifier: string, parent: string | null): void;
  /** An import was resolved; null when nobody asks. The module need not be new, nor be loaded after all. */
  resolved: ((path: string, parent: string | null) => void) | null;
}

export interface Imports {
  /** An import of this path was resolved. */
  knows(path: string): boolean;
  /** Who imported it first; null for an entry, or when not known. */
  parentOf(path: string): string | null;
  /** Every import passes here: a file that is not known is not imported. */
  readonly complete: boolean;
}

export function watchImports(watcher: ImportWatcher): Imports {
  const parents = new Map<string, string | null>();
  const note = (path: string, parent: string | null) => {
    if (isForeign(path)) return;
    if (!parents.has(path)) parents.set(path, parent);
    watcher.resolved?.(path, parent);
  };
  const { registerHooks } = HAS_HOOKS ? (require('node:module') as { registerHooks?: ImportHooks }) : {};
  if (registerHooks === undefined) watchByUrls({ ...watcher, resolved: note });
  const later = new LaterUrls(note);
  if (registerHooks !== undefined) {
    const resolved = (url: string, parent: string | undefined) => {
      later.add(url, parent);
      if (watcher.resolved !== null) later.settle();
    };
    watchByHooks(registerHooks, { ...watcher, resolved });
  }
  const settled = () => {
    later.settle();
    return parents;
  };
  return {
    complete: registerHooks !== undefined,
    knows: (path) => settled().has(path),
    parentOf: (path) => settled().get(path) ?? null,
  };
}

const MOST_WAITING = 1000;

/** Imports that are only remembered in the app's turn, and looked at when it is asked for them. */
class LaterUrls {
  readonly #note: (path: string, parent: string | null) => void;
  #waiting: [url: string, parent: string | undefined][] = [];

  constructor(note: (path: string, parent: string | null) => void) {
    this.#note = note;
  }

  add(url: string, parent: string | undefined): void {
    // An app's own hooks may hand back anything.
    if (typeof url !== 'string') return;
    if (this.#waiting.push([url, parent]) >= MOST_WAITING) this.settle();
  }

  settle(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const [url, parent] of waiting) {
      const path = pathOfUrl(url);
      if (path !== null) this.#note(path, parent === undefined ? null : pathOfUrl(parent));
    }
  }
}
