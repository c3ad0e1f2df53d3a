/** The library: the typed helper for a configuration file, and the types of everything that `--json` prints. */
export { defineConfig } from './config/define.ts';
export type { Config } from './config/types.ts';
export type { StatusReport, ServiceStatus } from './contract/status.ts';
