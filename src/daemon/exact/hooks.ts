/** The hooks that a run is started with: they tell its report which files it loads. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from '../../contract/config.ts';
import { nodeHookEnvironment } from '../../hook/environment.ts';
import { type HookPaths, languageEnvironment } from '../../languages/index.ts';

export interface Hooks {
  /** Absolute; null: it is not there. */
  node: string | null;
  languages: HookPaths;
}

/** Where they lie in the package; `dist` is its folder. A missing one would keep programs from starting. */
export function findHooks(dist: string): Hooks {
  const present = (path: string) => (existsSync(path) ? path : null);
  const python = present(join(dist, 'languages', 'python', 'sitecustomize.py'));
  return {
    node: present(join(dist, 'hook.cjs')),
    languages: {
      python: python === null ? null : dirname(python),
      ruby: present(join(dist, 'languages', 'ruby', 'upkeep_report.rb')),
    },
  };
}

/** What to set over `base`, the environment that the run would have otherwise. `report`: absolute path. */
export function hookEnvironment(
  hooks: Hooks,
  base: Readonly<Record<string, string | undefined>>,
  report: string,
  command: Command,
): Record<string, string> {
  return {
    ...languageEnvironment(base, hooks.languages, report),
    ...(hooks.node === null ? {} : nodeHookEnvironment(base, hooks.node, report, command)),
  };
}
