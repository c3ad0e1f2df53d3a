/** What a random workspace is made of: modules, and the links between them. */

export type ModuleKind = 'cjs' | 'esm' | 'json' | 'ts' | 'mts';

/**
 * `static`: by require or import, at load. `import-at-start`: import() at load. `require-later` and
 * `import-later`: at a request. `worker`, `fork`: in a thread, in a child process, at load.
 */
export type How = 'static' | 'import-at-start' | 'require-later' | 'import-later' | 'worker' | 'fork';

export interface Link {
  to: Module;
  how: How;
  /** Its path is put together at run time: no bundler finds it. */
  hidden: boolean;
}

/** What stands around the links of a module: a server, a thread's or a child's greeting, or nothing. */
export type Role = 'module' | 'worker' | 'fork' | { service: string; port: number };

export interface Module {
  readonly id: number;
  readonly kind: ModuleKind;
  readonly role: Role;
  /** Name of the workspace package whose entry it is; null: it is asked for by its path. */
  readonly pkg: string | null;
  /** Workspace-relative. */
  file: string;
  links: Link[];
  version: number;
  /** What was appended by edits. */
  tail: string;
  /** How often it was changed: a file changed too often just after a start counts as the service's own. */
  changes: number;
}

export const ENDING: Record<ModuleKind, string> = {
  cjs: '.js',
  esm: '.mjs',
  json: '.json',
  ts: '.ts',
  mts: '.mts',
};

/** Ways from a module of one kind to one of another that Node (and tsx) can go. */
const WAYS: Record<ModuleKind, Partial<Record<ModuleKind, readonly How[]>>> = {
  cjs: {
    cjs: ['static', 'static', 'static', 'require-later'],
    json: ['static', 'require-later'],
    esm: ['import-at-start', 'import-later'],
  },
  esm: {
    esm: ['static', 'static', 'static', 'import-at-start', 'import-later'],
    cjs: ['static', 'static', 'import-later'],
    json: ['static'],
  },
  json: {},
  ts: { ts: ['static', 'static', 'require-later'], cjs: ['static', 'require-later'], json: ['static'] },
  mts: { mts: ['static', 'static', 'import-later'], ts: ['static'], esm: ['static'], cjs: ['static'] },
};

export function waysBetween(from: Module, to: Module): readonly How[] {
  if (to.role !== 'module') return [];
  return WAYS[from.kind][to.kind] ?? [];
}

export const isLater = (how: How): boolean => how === 'require-later' || how === 'import-later';

/** By which a request asks for what is loaded later. */
export const keyOf = (from: Module, to: Module): string => `${from.id}-${to.id}`;
