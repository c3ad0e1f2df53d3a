/** What services printed, by the page. */
import * as z from 'zod/mini';

export const Level = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']);
export type Level = z.infer<typeof Level>;

export const ApiLine = z.object({
  service: z.string(),
  /** Null: printed before there was a record of it. */
  run: z.nullable(z.number()),
  /** Epoch ms, exact to 50 ms. */
  time: z.nullable(z.number()),
  /** Without its end; colours (ANSI) and all. Cut at 64 kB: see `cut`. */
  text: z.string(),
  /** What it is recognised as: by the field of a JSON line (pino, bunyan, winston), or by a word at its beginning. */
  level: z.nullable(Level),
  /** The message of a JSON line. The other fields: parse `text`. */
  message: z.nullable(z.string()),
  /** The text was too long and is not whole. */
  cut: z.optional(z.literal(true)),
  /** Where it stands: the same line has the same id in each page and in the stream. */
  id: z.string(),
});
export type ApiLine = z.infer<typeof ApiLine>;

export const LogsQuery = z.object({
  /** Names, globs, groups; none means all. Several are merged by time. */
  services: z.optional(z.array(z.string())),
  /** So many lines at most, 1 to 5000. */
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(5000)), 200),
  /** The page that ends just before this cursor. Neither `before` nor `after`: the last lines. */
  before: z.optional(z.string()),
  /** The page that begins at this cursor. */
  after: z.optional(z.string()),
  /** backward: the last lines that match; forward: the first ones. Default: backward, with `after` forward. */
  direction: z.optional(z.enum(['backward', 'forward'])),
  /** Epoch ms, an ISO time, `14:02`, or how long ago: `10m`, `2h`. */
  since: z.optional(z.string()),
  until: z.optional(z.string()),
  /** Run N; `last`: the current or last one of each service. */
  run: z.optional(z.union([z.literal('last'), z.coerce.number()])),
  /** A regular expression, looked for in the text without its colours; `(?i)` in front ignores case. */
  grep: z.optional(z.string()),
  /** Only lines of these levels. */
  levels: z.optional(z.array(Level)),
});
export type LogsQuery = z.input<typeof LogsQuery>;

export const LogsPage = z.object({
  /** Oldest first. */
  lines: z.array(ApiLine),
  /** `before` of the page above; null: there is nothing older. */
  older: z.nullable(z.string()),
  /** `after` of the page below, and the `cursor` of a stream that goes on from here. */
  newer: z.string(),
  /** Whether there is already more after this page. */
  more: z.boolean(),
  /** Few or no lines, since so much was looked through without a match: go on with the cursor. */
  unfinished: z.boolean(),
  /** The cursor led to a file that is gone or was emptied: ask again without one. */
  reset: z.boolean(),
});
export type LogsPage = z.infer<typeof LogsPage>;
