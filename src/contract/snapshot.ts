/**
 * `.upkeep/snapshot.json`: what the daemon knows, written after every change. `status` is read from it,
 * and the next daemon starts from it.
 */
import * as z from 'zod/mini';
import { Mode } from './config.ts';
import { Cause, Exit, Watching } from './facts.ts';
import { ProcessId } from './process-id.ts';
import { RestartHow, Retiring, ServiceState } from './service-state.ts';
import { SNAPSHOT_VERSION } from './version.ts';

export const ServiceSnapshot = z.object({
  name: z.string(),
  description: z.string(),
  groups: z.array(z.string()),
  ports: z.array(z.number()),
  url: z.nullable(z.string()),
  wanted: z.boolean(),
  state: ServiceState,
  restartAsked: z.nullable(Cause),
  restartHow: z._default(RestartHow, 'swap'),
  retiring: z._default(z.array(Retiring), []),
  /** Addresses of held sockets on which a run has listened. */
  sockets: z._default(z.array(z.string()), []),
  stopAsked: z.nullable(Cause),
  failures: z.array(z.number()),
  attempt: z.number(),
  lastRun: z.number(),
  lastExit: z.nullable(Exit),
  lastCause: z.nullable(Cause),
  restarts: z.number(),
  /** The current run's own process. */
  process: z.nullable(ProcessId),
  /** The shim above it: together they lead to the whole tree. */
  shim: z.nullable(ProcessId),
  /** The process below the same shim that waits to become the next run, which is no part of the tree. */
  standby: z._default(z.nullable(ProcessId), null),
  /** Epoch ms at which the current run started. */
  startedAt: z.nullable(z.number()),
  /** Where the current run was found to listen. */
  listening: z.nullable(
    z.object({
      port: z.number(),
      family: z.union([z.literal(4), z.literal(6)]),
      /** The descriptor that listens: see SocketTrace in platform/ports.ts. */
      trace: z.optional(z.nullable(z.object({ link: z.string(), socket: z.string() }))),
    }),
  ),
  waitingFor: z.array(z.string()),
  configChanged: z.boolean(),
  mode: z.optional(Mode),
  modeReason: z.optional(z.nullable(z.string())),
  /** Where it listens in the place of what is held for it. */
  elsewhere: z.optional(z.nullable(z.string())),
  watching: z.optional(Watching),
  notes: z.array(z.string()),
});
export type ServiceSnapshot = z.infer<typeof ServiceSnapshot>;

export const Snapshot = z.object({
  version: z.literal(SNAPSHOT_VERSION),
  /** Pids and monotonic times mean something only under the boot in which they were written. */
  boot: z.string(),
  daemon: z.object({ process: ProcessId, version: z.string(), startedAt: z.string() }),
  /** Monotonic and epoch ms at which it was written: turns the one into the other. */
  written: z.object({ now: z.number(), wall: z.number() }),
  notes: z.array(z.string()),
  services: z.array(ServiceSnapshot),
});
export type Snapshot = z.infer<typeof Snapshot>;
