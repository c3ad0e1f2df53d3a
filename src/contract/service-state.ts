/** The state of one service. Each member carries what is valid in that state and nothing else (see supervisor/state.ts). */
import * as z from 'zod/mini';
import { Cause, Exit, ParkReason } from './facts.ts';

/** An address of a held socket, as reports name it: `3000/::`. */
const Addresses = z._default(z.array(z.string()), []);

/** What a run is known to do with held sockets. */
const serving = {
  /** It accepts connections from these; none: its port is its own, or it does not listen yet. */
  held: Addresses,
  /** Why a declared port of its cannot be held; null: nothing was said against it. */
  unheld: z._default(z.nullable(z.string()), null),
};

/**
 * The run that is to take over from the current one. `ready`: its own check has passed, an address that the
 * current run serves is still missed. `attaching`: it was told to take over.
 */
export const Successor = z.object({
  run: z.number(),
  cause: Cause,
  since: z.number(),
  phase: z.enum(['starting', 'ready', 'attaching']),
  /** Addresses at which it waits or serves. */
  gated: Addresses,
  /** Those that it serves. */
  held: Addresses,
  /** It was begun before the burst of edits was over: it does not take over, and nobody is told of it. */
  trial: z._default(z.boolean(), false),
});
export type Successor = z.infer<typeof Successor>;

/** A run that was to take over and did not come to it: the current one goes on. */
export const FailedEdit = z.object({
  run: z.number(),
  cause: Cause,
  /** Null: it was not its end that failed it. */
  exit: z.nullable(Exit),
  message: z.string(),
  at: z.number(),
});
export type FailedEdit = z.infer<typeof FailedEdit>;

/** A run beside the current one that has been told to end. */
export const Retiring = z.object({
  run: z.number(),
  since: z.number(),
  /** Why it is ended. */
  end: Cause,
  /** drain: it finishes what it was answering; discard: at once, it served nothing; end: at once, after it had served. */
  how: z.enum(['drain', 'discard', 'end']),
  /** It was on trial: nobody was told of its start, and nobody is of its end. */
  untold: z._default(z.boolean(), false),
});
export type Retiring = z.infer<typeof Retiring>;

/** How the restart to come goes about it; each is more than the one before. */
export const RestartHow = z.enum([
  /** As the mode says. */
  'swap',
  /** The old run drains and ends first. */
  'handoff',
  /** The old run ends first, at once. */
  'hard',
  /** The old run drains and ends first, and the held sockets are let go of and bound anew. */
  'release',
]);
export type RestartHow = z.infer<typeof RestartHow>;

/** All times are monotonic ms (CLOCK_MONOTONIC: the same for every process until the next boot). */
export const ServiceState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stopped') }),
  /** Wanted; its dependencies are not there yet. */
  z.object({ kind: z.literal('waiting'), cause: Cause }),
  /** `late`: not ready in time; it may still become so. */
  z.object({
    kind: z.literal('starting'),
    run: z.number(),
    cause: Cause,
    since: z.number(),
    late: z.nullable(z.string()),
    ...serving,
  }),
  z.object({
    kind: z.literal('ready'),
    run: z.number(),
    cause: Cause,
    since: z.number(),
    readyAt: z.number(),
    ...serving,
    successor: z._default(z.nullable(Successor), null),
    /** Cleared when a later run takes over. */
    failedEdit: z._default(z.nullable(FailedEdit), null),
  }),
  /** `end`: why it is stopped; `next`: why it is started again afterwards, if it is. */
  z.object({
    kind: z.literal('stopping'),
    run: z.number(),
    since: z.number(),
    end: Cause,
    next: z.nullable(Cause),
    killAt: z.number(),
    killed: z.boolean(),
    /** As of a run that was retiring. */
    untold: z._default(z.boolean(), false),
  }),
  z.object({ kind: z.literal('backoff'), exit: Exit, until: z.number(), delay: z.number() }),
  z.object({ kind: z.literal('crashed'), reason: ParkReason }),
  z.object({ kind: z.literal('exited'), exit: Exit }),
]);
export type ServiceState = z.infer<typeof ServiceState>;

/** A run of which nothing is known yet. */
export const NOT_HELD: { held: string[]; unheld: string | null } = { held: [], unheld: null };

/** A ready service that nothing else has happened to. */
export const NO_SWAP: typeof NOT_HELD & { successor: Successor | null; failedEdit: FailedEdit | null } = {
  ...NOT_HELD,
  successor: null,
  failedEdit: null,
};
