/**
 * What goes over the daemon's unix socket: one JSON object a line.
 * A client sends one Request per connection; the daemon answers with any number of `progress`
 * replies and then one `done` or `error`, and closes.
 */
import * as z from 'zod/mini';
import { ResolvedConfig } from './config.ts';
import { Exit, ParkReason, StateName } from './facts.ts';

const names = z.array(z.string());

export const Request = z.discriminatedUnion('method', [
  z.object({ protocol: z.number(), method: z.literal('hello') }),
  /** Selectors are names, globs or groups; empty means all. The configuration is applied first. */
  z.object({
    protocol: z.number(),
    method: z.literal('start'),
    by: z.string(),
    names,
    config: ResolvedConfig,
    wait: z.boolean(),
  }),
  z.object({
    protocol: z.number(),
    method: z.literal('restart'),
    by: z.string(),
    names,
    /** Stop, then start, whatever the mode. */
    hard: z.optional(z.boolean()),
    config: ResolvedConfig,
    wait: z.boolean(),
  }),
  /**
   * Resolves when these services are ready and no edit is on its way to them. `files` (absolute real paths): only the
   * services that they concern, and a run that fails is not tried again first. No names: all that are wanted.
   */
  z.object({ protocol: z.number(), method: z.literal('wait'), names, files: z.array(z.string()) }),
  /** The daemon ends if it has nothing to do: for a client that started it in vain. */
  z.object({ protocol: z.number(), method: z.literal('retire') }),
  /** With no names, or when nothing is left wanted, the daemon ends too. */
  z.object({ protocol: z.number(), method: z.literal('stop'), by: z.string(), names, wait: z.boolean() }),
]);
export type Request = z.infer<typeof Request>;

/** What a person sees of one service while a command is carried out. */
export const Progress = z.object({
  service: z.string(),
  state: StateName,
  run: z.nullable(z.number()),
  pid: z.nullable(z.number()),
  /** ms since the command began. */
  elapsed: z.number(),
  /** One line in words: "waiting for db", "port 3000 not yet listened on", "exit 1, tried again in 200 ms (failure 2 of 5)". */
  detail: z.string(),
  /** While stopping: ms until it is killed. */
  killIn: z.nullable(z.number()),
  exit: z.nullable(Exit),
  reason: z.nullable(ParkReason),
  /** Of a run that failed and is tried again: the last lines that it printed. */
  lastLines: z.optional(z.array(z.string())),
  /** True: it is on its way, and until it is ready nobody knows whether the edit that is waited for concerns it. */
  unsure: z.optional(z.boolean()),
});
export type Progress = z.infer<typeof Progress>;

/** How it ended for one service. */
export const Outcome = z.object({
  service: z.string(),
  ok: z.boolean(),
  state: StateName,
  url: z.nullable(z.string()),
  pid: z.nullable(z.number()),
  /** True when it was so before the command. */
  already: z.boolean(),
  /** ms from the command to this outcome. */
  took: z.number(),
  /** When not ok: why, in words. */
  message: z.nullable(z.string()),
  /** When parked: why. */
  reason: z.optional(ParkReason),
  /** When not ok: the last lines that the service printed. */
  lastLines: z.array(z.string()),
});
export type Outcome = z.infer<typeof Outcome>;

export const Reply = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    protocol: z.number(),
    version: z.string(),
    pid: z.number(),
    startedAt: z.string(),
    workspace: z.string(),
  }),
  z.object({ type: z.literal('progress'), progress: Progress }),
  z.object({ type: z.literal('done'), outcomes: z.array(Outcome), daemonEnds: z.boolean() }),
  /** `code`: `protocol`, `usage`, `busy` (too many clients at once), `internal`. */
  z.object({ type: z.literal('error'), code: z.string(), message: z.string() }),
]);
export type Reply = z.infer<typeof Reply>;
