import type { Config } from './types.ts';

export type { Config } from './types.ts';

/** Gives completion and type checks in `upkeep.config.ts` and `.js`; returns its argument. */
export function defineConfig(config: Config): Config {
  return config;
}
