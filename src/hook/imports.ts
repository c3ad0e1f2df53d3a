/** Who imports which ES module, and which imports fail: by the way that this Node has. */
import Module from 'node:module';
import { type ImportHooks, watchByHooks } from './import-hooks.ts';
import { watchByUrls } from './import-urls.ts';

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

const { registerHooks } = Module as unknown as { registerHooks?: ImportHooks };

/** Then watching costs something; without, it is a few url comparisons. */
export const HAS_HOOKS = registerHooks !== undefined;

export function watchImports(watcher: ImportWatcher): Imports {
  const parents = new Map<string, string | null>();
  const note = (path: string, parent: string | null) => {
    if (!parents.has(path)) parents.set(path, parent);
    watcher.resolved?.(path, parent);
  };
  if (registerHooks !== undefined) watchByHooks(registerHooks, { ...watcher, resolved: note });
  else watchByUrls({ ...watcher, resolved: note });
  return {
    complete: HAS_HOOKS,
    knows: (path) => parents.has(path),
    parentOf: (path) => parents.get(path) ?? null,
  };
}
