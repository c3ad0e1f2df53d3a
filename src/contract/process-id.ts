/** Which process is meant. Apart from the other facts: all that a daemon reads before it listens. */
import * as z from 'zod/mini';

/** Identity of a process: a pid alone is reused by the kernel, a pid with its start time is not. */
export const ProcessId = z.object({
  pid: z.number(),
  /** Kernel start time: clock ticks since boot (proc(5), stat field 22), or `ps` lstart in epoch s elsewhere. */
  start: z.number(),
});
export type ProcessId = z.infer<typeof ProcessId>;
