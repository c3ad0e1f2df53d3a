/** The library: a typed helper for the configuration file, and a client for scripts and tools. */
export { type Client, type CommandOptions, createClient } from './client/index.ts';
export { defineConfig } from './config/define.ts';
export type { Config } from './config/types.ts';
export { UserError } from './contract/exit-codes.ts';
export type { Cause, Exit, ParkReason, StateName } from './contract/facts.ts';
export type { Outcome, Progress } from './contract/protocol.ts';
export type { ServiceStatus, StatusReport } from './contract/status.ts';
