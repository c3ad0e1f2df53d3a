/** Waiting until what one has written is what runs. */
import * as z from 'zod/mini';
import { Cause, StateName } from '../facts.ts';
import { Problem } from './problem.ts';

/** What one waits for. */
export const WaitCommand = z.object({
  /** Names, globs, groups; none: all that are wanted. */
  services: z._default(z.array(z.string()), []),
  /** The files of the edit, absolute or relative to the workspace; none: whatever has changed. */
  files: z._default(z.array(z.string()), []),
  /** ms, a day at most; without it as long as it takes. */
  timeout: z.optional(z.number().check(z.int(), z.minimum(1), z.maximum(86_400_000))),
});

export const WaitedService = z.object({
  service: z.string(),
  ok: z.boolean(),
  state: StateName,
  /** The run that serves, or that failed; null: none was begun. */
  run: z.nullable(z.number()),
  /** Why that run, or the one that failed, was started. */
  cause: z.nullable(Cause),
  url: z.nullable(z.string()),
  /** When not ok: why, in words. */
  message: z.nullable(z.string()),
  /** When not ok: the error that its last lines tell of. */
  problem: z.nullable(Problem),
  /** When not ok: the lines that tell most, cut at 500 characters. */
  lastLines: z.array(z.string()),
});
export type WaitedService = z.infer<typeof WaitedService>;

export const WaitReport = z.object({
  /** nobody: no service that runs is concerned, so nothing was waited for. */
  outcome: z.enum(['ready', 'failed', 'timeout', 'nobody']),
  /** Of the edit; relative to the workspace. */
  files: z.array(z.string()),
  /** ms that were waited. */
  took: z.number(),
  services: z.array(WaitedService),
  /** What one should know: services of which it cannot be told whether they use a file, and why. */
  notes: z.array(z.string()),
});
export type WaitReport = z.infer<typeof WaitReport>;
