/** The state of one service. Each member carries what is valid in that state and nothing else (see supervisor/state.ts). */
import * as z from 'zod/mini';
import { Cause, Exit, ParkReason } from './facts.ts';

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
  }),
  z.object({
    kind: z.literal('ready'),
    run: z.number(),
    cause: Cause,
    since: z.number(),
    readyAt: z.number(),
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
  }),
  z.object({ kind: z.literal('backoff'), exit: Exit, until: z.number(), delay: z.number() }),
  z.object({ kind: z.literal('crashed'), reason: ParkReason }),
  z.object({ kind: z.literal('exited'), exit: Exit }),
]);
export type ServiceState = z.infer<typeof ServiceState>;
