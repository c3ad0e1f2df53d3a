/** `.upkeep/daemon.json`: who the daemon is and where it listens. Removed when it ends on purpose. */
import * as z from 'zod/mini';
import { ProcessId } from './process-id.ts';

export const DaemonRecord = z.object({
  process: ProcessId,
  boot: z.string(),
  socket: z.string(),
  /** The workspace's real path, of which the socket's name is made; an earlier version's has none. */
  workspace: z.optional(z.string()),
  version: z.string(),
  protocol: z.number(),
  /** ISO 8601. */
  startedAt: z.string(),
});
export type DaemonRecord = z.infer<typeof DaemonRecord>;
