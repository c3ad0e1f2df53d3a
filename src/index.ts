/** The library: a typed helper for the configuration file, and a client for scripts and tools. */

import { distFile } from './client/dist.ts';
import type { Client } from './client/index.ts';

export type { Client, CommandOptions } from './client/index.ts';
export { defineConfig } from './config/define.ts';
export type { Config } from './config/types.ts';
export { UserError } from './contract/exit-codes.ts';
export type { Cause, Exit, ParkReason, StateName } from './contract/facts.ts';
export type { Outcome, Progress } from './contract/protocol.ts';
export type { ServiceStatus, StatusReport } from './contract/status.ts';

/**
 * The client of the workspace that `folder` lies in (default: the current folder).
 * It and its functions throw UserError: no configuration, a broken one, an unknown name, a daemon that does not start.
 */
export function createClient(folder?: string): Client {
  // A configuration file imports this module for `defineConfig` alone: it does not pay for the client.
  const library: typeof import('./client/index.ts') = require(distFile('client.cjs'));
  return library.createClient(folder);
}
