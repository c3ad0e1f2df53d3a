/** The hooks that a run is started with: they tell its report which files it loads. */
import type { Command } from '../../contract/config.ts';
import { nodeHookEnvironment } from '../../hook/environment.ts';
import { type HookPaths, languageEnvironment } from '../../languages/index.ts';

export interface Hooks {
  /** Absolute; null: it is not there. */
  node: string | null;
  languages: HookPaths;
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
