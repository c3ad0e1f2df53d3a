/** Facts that daemon, run folders, journal and CLI tell each other: causes, exits, states. */
import * as z from 'zod/mini';

/** How a process ended. A shell's 128+n is told as the signal. `unknown`: nobody was there to see it. */
export const Exit = z.union([
  z.object({ code: z.number() }),
  z.object({ signal: z.string() }),
  z.object({ unknown: z.literal(true) }),
]);
export type Exit = z.infer<typeof Exit>;

/** An error that a run printed before it ended. Two with the same `id` are the same error. */
export const ErrorMark = z.object({
  /** Of its type, its message without numbers and paths, and its file: 12 hexadecimal digits. */
  id: z.string(),
  /** `TypeError`; null: it is not named. */
  type: z.nullable(z.string()),
  /** Cut at 200 characters. */
  message: z.string(),
  /** Where it was thrown, in code of the project: relative to the workspace, absolute outside of it. */
  file: z.nullable(z.string()),
  line: z.nullable(z.number()),
});
export type ErrorMark = z.infer<typeof ErrorMark>;

/** Why a run started or ended. */
export const Cause = z.discriminatedUnion('kind', [
  /** A person asked for it; `by` says through what (`cli`, `api`…). */
  z.object({ kind: z.literal('start'), by: z.string() }),
  z.object({ kind: z.literal('restart'), by: z.string() }),
  z.object({ kind: z.literal('stop'), by: z.string() }),
  /**
   * These files changed (workspace-relative). `via`: the chain of imports from an entry of the service to the
   * first of them that it had loaded, both included; package names stand for what lies in a package.
   */
  z.object({
    kind: z.literal('edit'),
    files: z.array(z.string()),
    via: z.optional(z.array(z.string())),
  }),
  /** The previous run ended by itself. */
  z.object({ kind: z.literal('crash'), exit: Exit }),
  /** A required service needed it, or restarted. */
  z.object({ kind: z.literal('dependency'), service: z.string() }),
  /** The configuration of the service changed and was applied. */
  z.object({ kind: z.literal('config') }),
  /** The daemon came up and the service was wanted. `machine`: the machine had been started again meanwhile. */
  z.object({ kind: z.literal('boot'), machine: z.optional(z.literal(true)) }),
]);
export type Cause = z.infer<typeof Cause>;

/** Why a service is parked as `crashed` until an edit, `start` or `restart`. */
export const ParkReason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('failures'), count: z.number(), window: z.number() }),
  z.object({
    kind: z.literal('port-taken'),
    port: z.number(),
    pid: z.nullable(z.number()),
    command: z.nullable(z.string()),
    /** The other workspace, when the owner is another Upkeep's service. */
    workspace: z.nullable(z.string()),
    /** False: nobody listens there, and still it cannot be had. */
    listens: z.optional(z.literal(false)),
    /** True: nobody has listened there since, as was found when the status was asked for. */
    isFree: z.optional(z.literal(true)),
  }),
  /** The command could not be run at all: a missing cwd, env file or program. */
  z.object({ kind: z.literal('cannot-start'), message: z.string() }),
]);
export type ParkReason = z.infer<typeof ParkReason>;

/** How exactly it is known which files a service loads. */
export const Watching = z.discriminatedUnion('kind', [
  /** Nothing is watched: it is not wanted up, or `watch: false`. */
  z.object({ kind: z.literal('off') }),
  /** Its run has only just begun. */
  z.object({ kind: z.literal('not-yet') }),
  z.object({ kind: z.literal('exact') }),
  /** It loads no file of the project: it takes care of edits itself. */
  z.object({ kind: z.literal('own-reload') }),
  /** Its folder is watched instead. `reason`: words that follow "not exact: ". */
  z.object({ kind: z.literal('not-exact'), reason: z.string() }),
]);
export type Watching = z.infer<typeof Watching>;

export const StateName = z.enum(['stopped', 'starting', 'ready', 'stopping', 'backoff', 'crashed', 'exited']);
export type StateName = z.infer<typeof StateName>;
