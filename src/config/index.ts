/** The configuration: found, read, checked, resolved. Loaded lazily by the CLI; the daemon takes `env.ts` only. */
export { defineConfig } from './define.ts';
export { findConfigFile } from './find.ts';
export { configJsonSchema } from './json-schema.ts';
export { loadConfig } from './load.ts';
export { mayBeStale } from './read/index.ts';
export type { Config } from './types.ts';
