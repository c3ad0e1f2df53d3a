/** What happened: the journal, and the runs of a service. Times are epoch ms, spans ms. */
import * as z from 'zod/mini';
import { Cause, Exit, ParkReason } from '../facts.ts';
import { JournalEntry } from '../journal.ts';

const limit = (most: number, usual: number) =>
  z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(most)), usual);

export const RunsQuery = z.object({
  limit: limit(500, 20),
  /** Only runs with a lower number. */
  before: z.optional(z.coerce.number()),
  /** Only this one. */
  run: z.optional(z.coerce.number()),
});
export type RunsQuery = z.input<typeof RunsQuery>;

/** One run, with its story. Null: not known, or it did not happen. */
export const Run = z.object({
  run: z.number(),
  startedAt: z.nullable(z.number()),
  cause: z.nullable(Cause),
  readyAfter: z.nullable(z.number()),
  /** Why it was ended; null: by itself, or it has not. */
  endCause: z.nullable(Cause),
  endedAt: z.nullable(z.number()),
  exit: z.nullable(Exit),
  lasted: z.nullable(z.number()),
  /** What followed: the delay before the next try, or why there was none. */
  retryIn: z.nullable(z.number()),
  parked: z.nullable(ParkReason),
  /** What the journal has of it, oldest first. */
  entries: z.array(JournalEntry),
  /** The same in words: "started: engine/scoring.js changed". */
  story: z.array(z.object({ at: z.number(), text: z.string() })),
  /** If it ended by itself: the lines that tell why, as far as they are kept. */
  lastLines: z.array(z.string()),
});
export type Run = z.infer<typeof Run>;

/** Newest first. */
export const RunsPage = z.object({ service: z.string(), runs: z.array(Run), more: z.boolean() });
export type RunsPage = z.infer<typeof RunsPage>;

export const JournalQuery = z.object({
  /** Names, globs, groups; none means all, and what concerns the daemon itself. */
  services: z.optional(z.array(z.string())),
  limit: limit(5000, 500),
  /** Epoch ms, an ISO time, `14:02`, or how long ago: `10m`, `2h`. */
  since: z.optional(z.string()),
  /** The entries before this cursor; else the last ones. */
  before: z.optional(z.string()),
});
export type JournalQuery = z.input<typeof JournalQuery>;

export const JournalPage = z.object({
  /** Oldest first. `text`: in words; null where there are none. `id`: the same in each page and in the stream. */
  entries: z.array(z.object({ id: z.string(), entry: JournalEntry, text: z.nullable(z.string()) })),
  older: z.nullable(z.string()),
  /** The `cursor` of a stream that goes on from here. */
  newer: z.string(),
});
export type JournalPage = z.infer<typeof JournalPage>;
