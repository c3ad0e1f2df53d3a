/**
 * What `node:module` gives, without asking for it: Node would load its source maps for that (1 to 2 ms), and most
 * apps never do.
 */

export interface CachedModule {
  loaded: boolean;
  filename?: string | null;
  children?: readonly unknown[];
  parent?: { filename?: string | null } | null;
}

interface ModuleClass {
  _cache: Record<string, CachedModule | undefined>;
  _resolveFilename: unknown;
  prototype: {
    load(this: Pick<CachedModule, 'parent'>, filename: string): unknown;
  };
}

/** Of the hook's own file, which is CommonJS. */
export const Module = module.constructor as unknown as ModuleClass;
