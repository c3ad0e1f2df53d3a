/** The journal: `.upkeep/journal.jsonl`, one JSON object a line, append only, rotated by size. */
import * as z from 'zod/mini';
import { Cause, ErrorMark, Exit, ParkReason } from './facts.ts';

/** Why a run could not take over from the one before it. */
export const HandoffReason = z.discriminatedUnion('kind', [
  /** Its program does not stand a second run of itself. */
  z.object({ kind: z.literal('alone') }),
  /** It listens at other addresses (`3000/127.0.0.1`) than the run before it. */
  z.object({ kind: z.literal('address'), before: z.array(z.string()), now: z.array(z.string()) }),
  /** Its declared ports are others now. */
  z.object({ kind: z.literal('ports'), before: z.array(z.number()), now: z.array(z.number()) }),
  /** It listens in a way that cannot be held. */
  z.object({ kind: z.literal('unheld'), why: z.string() }),
]);
export type HandoffReason = z.infer<typeof HandoffReason>;

/** `at` is epoch ms. */
export const JournalEntry = z.discriminatedUnion('kind', [
  z.object({
    at: z.number(),
    kind: z.literal('run-started'),
    service: z.string(),
    run: z.number(),
    cause: Cause,
    /**
     * What becomes of its declared ports until it is ready. `held`: connections wait in the kernel, as they have
     * since an earlier run listened. `closed`: they are refused. Absent: it has none, or it is not known.
     */
    port: z.optional(z.enum(['held', 'closed'])),
  }),
  /** `took`: ms from the start of the run. `standby`: its process had been waiting to become it. */
  z.object({
    at: z.number(),
    kind: z.literal('run-ready'),
    service: z.string(),
    run: z.number(),
    took: z.number(),
    standby: z.optional(z.literal(true)),
  }),
  /** `cause` is null when it ended by itself; then `error`: the one that its last words tell of, if they do. */
  z.object({
    at: z.number(),
    kind: z.literal('run-ended'),
    service: z.string(),
    run: z.number(),
    exit: Exit,
    cause: z.nullable(Cause),
    lasted: z.number(),
    /** ms that it took to end after it was asked to. */
    ending: z.optional(z.number()),
    error: z.optional(ErrorMark),
  }),
  /** The daemon ended after it had told the start of this run, and before it had it begun: there was no such process. */
  z.object({ at: z.number(), kind: z.literal('not-begun'), service: z.string(), run: z.number() }),
  /** It ran when the machine went down. `at`: when its exit was written down; where none was, when a daemon came again. */
  z.object({
    at: z.number(),
    kind: z.literal('machine-down'),
    service: z.string(),
    run: z.number(),
    exit: Exit,
  }),
  /**
   * It accepts nothing any more and has been given the time to finish what it was answering. `requests`: that it
   * answered meanwhile, null: not known. `left`: connections that were open still when the time was over.
   */
  z.object({
    at: z.number(),
    kind: z.literal('drained'),
    service: z.string(),
    run: z.number(),
    requests: z.nullable(z.number()),
    left: z.number(),
    /** ms. */
    took: z.number(),
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
  /** `run` took over from `from`, which goes on with what it was answering. `took`: ms from its start. */
  z.object({
    at: z.number(),
    kind: z.literal('swapped'),
    service: z.string(),
    run: z.number(),
    from: z.number(),
    took: z.number(),
  }),
  /** `run` was to take over and failed: the run before it goes on. `exit` is null when it did not end by itself. */
  z.object({
    at: z.number(),
    kind: z.literal('edit-failed'),
    service: z.string(),
    run: z.number(),
    cause: Cause,
    exit: z.nullable(Exit),
    message: z.string(),
  }),
  /** `run` cannot take over while the run before it lives: that is ended first, this time. */
  z.object({
    at: z.number(),
    kind: z.literal('handed-off'),
    service: z.string(),
    run: z.number(),
    why: HandoffReason,
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
