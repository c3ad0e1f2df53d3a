/**
 * The one event stream. It comes in batches, each with the cursor after it: whoever goes on with the cursor of the
 * last batch that it has seen misses nothing and gets nothing twice, whatever died meanwhile.
 */
import * as z from 'zod/mini';
import { JournalEntry } from '../journal.ts';
import { ServiceStatus, StatusReport } from '../status.ts';
import { ApiLine, Level } from './logs.ts';
import { MetricsSample } from './metrics.ts';

export const EventKind = z.enum(['status', 'journal', 'logs', 'metrics']);
export type EventKind = z.infer<typeof EventKind>;

export const EventsQuery = z.object({
  /** Default: status and journal. */
  kinds: z.optional(z.array(EventKind)),
  /** Whose journal entries and log lines: names, globs, groups; none means all. Status and metrics are always of all. */
  services: z.optional(z.array(z.string())),
  /** Only log lines of these levels. */
  levels: z.optional(z.array(Level)),
  /** Where to go on: of a batch, or `newer` of a page of logs or journal. What it does not speak of begins now. */
  cursor: z.optional(z.string()),
});
export type EventsQuery = z.input<typeof EventsQuery>;

export const ApiEvent = z.discriminatedUnion('type', [
  /**
   * Always the first: how it all is now. `resumed: false`: there was no cursor, or (`lost`) it led to what is no
   * longer kept: fetch the history again, with `before` this batch's cursor.
   */
  z.object({
    type: z.literal('begin'),
    resumed: z.boolean(),
    lost: z.nullable(z.string()),
    /** Null when `status` is not followed. */
    status: z.nullable(StatusReport),
  }),
  /** What has changed in the status: whole services; `removed`: names that are gone from the configuration. */
  z.object({
    type: z.literal('status'),
    daemon: StatusReport.shape.daemon,
    notes: z.array(z.string()),
    changed: z.array(ServiceStatus),
    removed: z.array(z.string()),
  }),
  /** `text`: in words, where there are some. */
  z.object({
    type: z.literal('journal'),
    id: z.string(),
    entry: JournalEntry,
    text: z.nullable(z.string()),
  }),
  /** Lines in the order in which each service printed them. */
  z.object({ type: z.literal('logs'), lines: z.array(ApiLine) }),
  /**
   * Lines that are not told. behind: the reader is slower than the service, or was away for long; `after` (a cursor
   * for `GET /api/logs`) leads to them. removed: the file that they were in was removed or emptied.
   */
  z.object({
    type: z.literal('gap'),
    service: z.string(),
    reason: z.enum(['behind', 'removed']),
    /** Bytes that were left out; null: not known. */
    bytes: z.nullable(z.number()),
    after: z.nullable(z.string()),
  }),
  z.object({ type: z.literal('metrics'), sample: MetricsSample }),
]);
export type ApiEvent = z.infer<typeof ApiEvent>;

export const EventBatch = z.object({ cursor: z.string(), events: z.array(ApiEvent) });
export type EventBatch = z.infer<typeof EventBatch>;
