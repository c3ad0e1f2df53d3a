/** The library: a typed helper for the configuration file, and a client for scripts and tools. */

import type { Connection } from './api/index.ts';
import { distFile } from './client/dist.ts';
import type { Client } from './client/index.ts';

export type { Connection } from './api/index.ts';
export type { WaitRequest } from './api/wait.ts';
export type { Client, CommandOptions, RestartOptions } from './client/index.ts';
export { defineConfig } from './config/define.ts';
export type { Config } from './config/types.ts';
export type { ConfigReport } from './contract/api/config.ts';
export type { ApiEvent, EventBatch, EventKind, EventsQuery } from './contract/api/events.ts';
export type { JournalPage, JournalQuery, Run, RunsPage, RunsQuery } from './contract/api/history.ts';
export type { FileConcerns, LoadsOverview, ServiceLoads } from './contract/api/loads.ts';
export type { ApiLine, Level, LogsPage, LogsQuery } from './contract/api/logs.ts';
export type { MetricsReport, MetricsSample, UsageQuery, UsageReport } from './contract/api/metrics.ts';
export type { WaitReport } from './contract/api/wait.ts';
export { UserError } from './contract/exit-codes.ts';
export type { Cause, Exit, ParkReason, StateName } from './contract/facts.ts';
export type { JournalEntry } from './contract/journal.ts';
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

/**
 * All of the API in this process: `createClient`, and pages of logs, journal and runs, loads, and the event stream.
 * Everything but the commands is read from files: it costs the daemon nothing and needs none.
 * `by`: who asks for starts and stops, as their causes tell it (default: `api`).
 */
export function connect(folder?: string, by?: string): Connection {
  const library: typeof import('./api/index.ts') = require(distFile('api.cjs'));
  return library.connect(folder, by);
}
