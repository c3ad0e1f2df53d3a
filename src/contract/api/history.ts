/** What happened: the journal, and the runs of a service. Times are epoch ms, spans ms. */
import * as z from 'zod/mini';
import { isTimeZone } from '../clock.ts';
import { Cause, ErrorMark, Exit, ParkReason } from '../facts.ts';
import { JournalEntry } from '../journal.ts';
import { Problem } from './problem.ts';

const limit = (most: number, usual: number) =>
  z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(most)), usual);

export const RunsQuery = z.object({
  /** A crash loop counts as one. */
  limit: limit(500, 20),
  /** Only runs with a lower number. */
  before: z.optional(z.coerce.number()),
  /** Only this one. */
  run: z.optional(z.coerce.number()),
  tz: z.optional(
    z
      .string()
      .check(
        z.refine(isTimeZone, { error: 'is no time zone; for example: Europe/Berlin' }),
        z.describe('Time zone of the times in stories, for example Europe/Berlin; else that of who answers'),
      ),
  ),
});
export type RunsQuery = z.input<typeof RunsQuery>;

/**
 * What became of connections from the last run that served until this one was ready. `served`: the run before it
 * served them; `waited`: the kernel held them, none was refused; `closed`: they were refused. `atMost`: ms.
 */
export const PortMeanwhile = z.object({
  kind: z.enum(['served', 'waited', 'closed']),
  atMost: z.number(),
});
export type PortMeanwhile = z.infer<typeof PortMeanwhile>;

/** `requests`: that it answered after it was told to go; null: not known. `left`: connections that were cut off. */
export const Drained = z.object({ requests: z.nullable(z.number()), left: z.number() });
export type Drained = z.infer<typeof Drained>;

/** How often runs of the service ended by this error, this time included, as far as the journal goes back. */
export const Repeats = z.object({
  times: z.number(),
  /** When the first of them ended. */
  since: z.number(),
  /** The ones before; of many the last 20. */
  runs: z.array(z.number()),
});
export type Repeats = z.infer<typeof Repeats>;

/** `isEnd`: it tells of the end of the run: its last words belong below. */
export const Sentence = z.object({ at: z.number(), text: z.string(), isEnd: z.boolean() });
export type Sentence = z.infer<typeof Sentence>;

/** One run, with its story. Null: not known, or it did not happen. */
export const Run = z.object({
  run: z.number(),
  startedAt: z.nullable(z.number()),
  cause: z.nullable(Cause),
  readyAfter: z.nullable(z.number()),
  /** The run that it took over from while that served. */
  replaced: z.nullable(z.number()),
  replacedBy: z.nullable(z.number()),
  port: z.nullable(PortMeanwhile),
  /** Why it was ended; null: by itself, or it has not. */
  endCause: z.nullable(Cause),
  endedAt: z.nullable(z.number()),
  exit: z.nullable(Exit),
  lasted: z.nullable(z.number()),
  drained: z.nullable(Drained),
  /** When it ended by itself: by what, and how often that came. */
  error: z.nullable(ErrorMark),
  repeats: z.nullable(Repeats),
  /** What followed: the delay before the next try, or why there was none. */
  retryIn: z.nullable(z.number()),
  parked: z.nullable(ParkReason),
  /** What the journal has of it, oldest first. */
  entries: z.array(JournalEntry),
  /** The same in words that go on from "run 7": "replaced run 6: engine/scoring.js changed. Ready in 212 ms, …". */
  story: z.array(Sentence),
  /** If it ended by itself: the lines that tell why, as far as they are kept; cut at 500 characters. */
  lastLines: z.array(z.string()),
  /** The error that they tell of, and the code there as it is now. */
  problem: z.nullable(Problem),
});
export type Run = z.infer<typeof Run>;

/** Runs that crashed in the same way, one after the other: three or more. */
export const CrashLoop = z.object({
  /** Numbers of its first and its last run. */
  first: z.number(),
  last: z.number(),
  count: z.number(),
  /** When they ended. */
  from: z.number(),
  to: z.number(),
  exit: z.nullable(Exit),
  error: z.nullable(ErrorMark),
  /** In words that go on from the name of the service: "crashed 14 times between …, each with exit 1: …". */
  text: z.string(),
});
export type CrashLoop = z.infer<typeof CrashLoop>;

/** `runs`: newest first; of a crash loop the last 50. */
export const RunsPage = z.object({
  service: z.string(),
  runs: z.array(Run),
  /** Newest first. */
  loops: z.array(CrashLoop),
  more: z.boolean(),
});
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
