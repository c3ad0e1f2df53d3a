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
  /** All by their paths, with who imported each first; null for an entry, or when not known. */
  parents(): ReadonlyMap<string, string | null>;
  /** Every import passes here: a file that is not known is not imported. */
  readonly complete: boolean;
}

export function watchImports(watcher: ImportWatcher): Imports {
  const imported = new Imported(watcher.resolved);
  const { registerHooks } = HAS_HOOKS ? (require('node:module') as { registerHooks?: ImportHooks }) : {};
  if (registerHooks === undefined)
    watchByUrls({ ...watcher, resolved: (path, parent) => imported.note(path, parent) });
  else watchByHooks(registerHooks, { ...watcher, resolved: imported.later });
  return {
    complete: registerHooks !== undefined,
    knows: (path) => imported.parents().has(path),
    parents: () => imported.parents(),
  };
}

const MOST_WAITING = 1000;
/** Of a url: what is not in a path as it is. */
const MARKED = /[%?#]/;

/** Who imported what. Urls are only remembered in the app's turn, and looked at when it is asked for them. */
class Imported {
  readonly #resolved: ImportWatcher['resolved'];
  readonly #parents = new Map<string, string | null>();
  #urls: string[] = [];
  #parentUrls: (string | undefined)[] = [];

  constructor(resolved: ImportWatcher['resolved']) {
    this.#resolved = resolved;
  }

  readonly later = (url: string, parentUrl: string | undefined): void => {
    // An app's own hooks may hand back anything.
    if (typeof url !== 'string') return;
    this.#parentUrls.push(parentUrl);
    if (this.#urls.push(url) >= MOST_WAITING || this.#resolved !== null) this.#settle();
  };

  parents(): ReadonlyMap<string, string | null> {
    if (this.#urls.length > 0) this.#settle();
    return this.#parents;
  }

  note(path: string, parent: string | null): void {
    if (isForeign(path)) return;
    if (!this.#parents.has(path)) this.#parents.set(path, parent);
    this.#resolved?.(path, parent);
  }

  /** Of most of them it calls nothing of ours: see `Opened`. */
  #settle(): void {
    const [urls, parentUrls, parents] = [this.#urls, this.#parentUrls, this.#parents];
    this.#urls = [];
    this.#parentUrls = [];
    for (let index = 0; index < urls.length; index++) {
      const url = urls[index] as string;
      const from = parentUrls[index];
      const isPlain = this.#resolved === null && url.startsWith('file:///') && !MARKED.test(url);
      if (isPlain && from?.startsWith('file:///') && !MARKED.test(from)) {
        const path = url.slice(7);
        if (!parents.has(path) && !isForeign(path)) parents.set(path, from.slice(7));
        continue;
      }
      const path = pathOfUrl(url);
      if (path !== null) this.note(path, from === undefined ? null : pathOfUrl(from));
    }
  }
}
