/** The journal: `.upkeep/journal.jsonl`, one JSON object a line, append only, rotated by size. */
import * as z from 'zod/mini';
import { Cause, Exit, ParkReason } from './facts.ts';

/** `at` is epoch ms. */
export const JournalEntry = z.discriminatedUnion('kind', [
  z.object({
    at: z.number(),
    kind: z.literal('run-started'),
    service: z.string(),
    run: z.number(),
    cause: Cause,
  }),
  /** `took`: ms from the start of the run. */
  z.object({
    at: z.number(),
    kind: z.literal('run-ready'),
    service: z.string(),
    run: z.number(),
    took: z.number(),
  }),
  /** `cause` is null when it ended by itself. */
  z.object({
    at: z.number(),
    kind: z.literal('run-ended'),
    service: z.string(),
    run: z.number(),
    exit: Exit,
    cause: z.nullable(Cause),
    lasted: z.number(),
  }),
  z.object({
    at: z.number(),
    kind: z.literal('retry'),
    service: z.string(),
    delay: z.number(),
    failures: z.number(),
  }),
  z.object({ at: z.number(), kind: z.literal('parked'), service: z.string(), reason: ParkReason }),
  z.object({
    at: z.number(),
    kind: z.literal('late'),
    service: z.string(),
    run: z.number(),
    after: z.number(),
    detail: z.string(),
  }),
  /** A run outlived its daemon and was taken over by the next one. */
  z.object({ at: z.number(), kind: z.literal('adopted'), service: z.string(), run: z.number() }),
  z.object({
    at: z.number(),
    kind: z.literal('killed'),
    service: z.string(),
    run: z.number(),
    after: z.number(),
  }),
  z.object({
    at: z.number(),
    kind: z.literal('daemon-started'),
    pid: z.number(),
    version: z.string(),
    recovered: z.boolean(),
  }),
  z.object({ at: z.number(), kind: z.literal('daemon-stopped'), pid: z.number() }),
  z.object({ at: z.number(), kind: z.literal('config'), services: z.array(z.string()) }),
]);
export type JournalEntry = z.infer<typeof JournalEntry>;
