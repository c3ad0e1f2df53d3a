/** What the tools answer. Short: it is read by a model. */
import * as z from 'zod/mini';
import { Problem } from '../contract/api/problem.ts';
import { StateName } from '../contract/facts.ts';

export const StatusAnswer = z.object({
  workspace: z.string(),
  daemon: z.enum(['running', 'not running']),
  services: z.array(
    z.object({
      name: z.string(),
      state: StateName,
      /** False while `ready`: nothing listens on its port any more. */
      ready: z.boolean(),
      url: z.nullable(z.string()),
      run: z.nullable(z.number()),
      restarts: z.number(),
      cause: z.nullable(z.string()),
      /** What one should know: why it is parked, which edit failed, what it waits for. */
      notes: z.array(z.string()),
    }),
  ),
  notes: z.array(z.string()),
});

export const LogsAnswer = z.object({
  lines: z.array(
    z.object({
      service: z.string(),
      run: z.nullable(z.number()),
      /** ISO time. */
      time: z.nullable(z.string()),
      text: z.string(),
    }),
  ),
  /** There are earlier lines that match: narrow it down, or ask for more. */
  cut: z.boolean(),
});

export const CommandAnswer = z.object({
  services: z.array(
    z.object({
      service: z.string(),
      ok: z.boolean(),
      state: StateName,
      url: z.nullable(z.string()),
      message: z.nullable(z.string()),
      problem: z.nullable(Problem),
      lastLines: z.array(z.string()),
    }),
  ),
});

export const WhyAnswer = z.object({
  service: z.string(),
  /** Newest first. */
  runs: z.array(
    z.object({
      run: z.number(),
      /** In the order in which it happened. */
      story: z.array(z.string()),
      /** So many runs that crashed in the same way are told in this one, the last of them; null: it is alone. */
      crashes: z.nullable(z.number()),
      /** How often its error has ended runs, this time included; null: it did not end by an error that is known. */
      sameError: z.nullable(z.number()),
      problem: z.nullable(Problem),
      lastLines: z.array(z.string()),
    }),
  ),
});
