/** `upkeep status --json`: the contract for scripts. */
import * as z from 'zod/mini';
import { Mode } from './config.ts';
import { Cause, Exit, ParkReason, StateName, Watching } from './facts.ts';

export const ServiceStatus = z.object({
  name: z.string(),
  state: StateName,
  wanted: z.enum(['up', 'down']),
  ready: z.boolean(),
  pid: z.nullable(z.number()),
  ports: z.array(z.number()),
  url: z.nullable(z.string()),
  /** Number of the current or last run; null before the first. */
  run: z.nullable(z.number()),
  /** ISO 8601 time at which the current run started; null when none runs. */
  startedAt: z.nullable(z.string()),
  /** Restarts since the service was last started by a person. */
  restarts: z.number(),
  /** Percent of one core, over the whole tree, since somebody last looked (or since the start). */
  cpu: z.nullable(z.number()),
  /** Resident bytes of the whole tree. */
  memory: z.nullable(z.number()),
  /** Why the current or last run started, or why it was stopped. */
  cause: z.nullable(Cause),
  /** How the last finished run ended. */
  exit: z.nullable(Exit),
  groups: z.array(z.string()),
  description: z.string(),
  /** Why it is parked, when state is `crashed`. */
  reason: z.nullable(ParkReason),
  /** While starting: the services it waits for. */
  waitingFor: z.array(z.string()),
  /** While in backoff: ISO time of the next attempt. */
  retryAt: z.nullable(z.string()),
  /** True when the configuration changed after the run started. */
  configChanged: z.boolean(),
  /** How it is restarted. */
  mode: Mode,
  /** Why it is this mode, in words; null: no daemon has looked. */
  modeReason: z.nullable(z.string()),
  /** Why a run's port is not held, so that a restart refuses connections; null: it is, or need not be. */
  unheld: z.nullable(z.string()),
  /** The last edit or restart whose run did not come to take over; the run before it goes on. */
  editFailed: z.nullable(
    z.object({ run: z.number(), cause: Cause, exit: z.nullable(Exit), message: z.string() }),
  ),
  /** The run that is about to take over from the current one. */
  successor: z.nullable(z.object({ run: z.number(), cause: Cause })),
  /** Older runs that still finish what they were answering. */
  draining: z.array(z.number()),
  /** How exactly the edits that concern it are followed. */
  watching: Watching,
  /** Remarks for a person ("not ready after 30 s", "log cannot be written: disk full"). */
  notes: z.array(z.string()),
});
export type ServiceStatus = z.infer<typeof ServiceStatus>;

export const StatusReport = z.object({
  workspace: z.string(),
  daemon: z.nullable(z.object({ pid: z.number(), version: z.string(), startedAt: z.string() })),
  services: z.array(ServiceStatus),
  /** Remarks about the workspace as a whole (a changed or broken configuration). */
  notes: z.array(z.string()),
});
export type StatusReport = z.infer<typeof StatusReport>;
