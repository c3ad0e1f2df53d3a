/**
 * The state of one service. Each member carries what is valid in that state and nothing else.
 *
 *            want up                 dependencies there            ready
 *   stopped ─────────► waiting ──────────────────────► starting ─────────► ready
 *      ▲                  ▲ ▲                              │ │                │
 *      │ gone             │ │ delay over                   │ │ exited         │ exited
 *      │                  │ └──────────── backoff ◄────────┼─┴────────────────┤
 *   stopping ─────────────┘                  │             │                  │ policy says so
 *      ▲       gone, to be restarted         │ too often   │ port taken       ├────────► exited
 *      │                                     ▼             ▼                  │
 *      │ want down, restart, edit         crashed ◄────────┘                  │
 *      └──────────────────────────────────────────────────────────────────────┘
 *
 * `crashed` and `exited` are left by an edit, `start` or `restart`. `waiting` is shown as `starting`.
 */
import * as z from 'zod/mini';
import type { ResolvedService } from '../contract/config.ts';
import { Cause, Exit, ParkReason } from '../contract/facts.ts';

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

export interface Service {
  readonly spec: ResolvedService;
  /** What the person asked for; what is observed is `state`. */
  readonly wanted: boolean;
  readonly state: ServiceState;
  /** Rises with every change of state; a timer that carries an older one is ignored. */
  readonly epoch: number;
  /** Why it is to be restarted as soon as its dependents have stopped; null when it is not. */
  readonly restartAsked: Cause | null;
  /** Why the person wants it down (kept until it is). */
  readonly stopAsked: Cause | null;
  /** Times of the failures inside the window. */
  readonly failures: readonly number[];
  /** Exponent of the next backoff delay. */
  readonly attempt: number;
  /** Number of the last run; 0 before the first. */
  readonly lastRun: number;
  readonly lastExit: Exit | null;
  readonly lastCause: Cause | null;
  /** Restarts since a person last started it. */
  readonly restarts: number;
}

export type World = ReadonlyMap<string, Service>;

export function newService(spec: ResolvedService): Service {
  return {
    spec,
    wanted: false,
    state: { kind: 'stopped' },
    epoch: 0,
    restartAsked: null,
    stopAsked: null,
    failures: [],
    attempt: 0,
    lastRun: 0,
    lastExit: null,
    lastCause: null,
    restarts: 0,
  };
}

/** The run that has a process now, or null. */
export function liveRun(service: Service): number | null {
  const { state } = service;
  return state.kind === 'starting' || state.kind === 'ready' || state.kind === 'stopping' ? state.run : null;
}

/** Nothing runs and nothing will by itself. */
export function isAtRest(service: Service): boolean {
  const { kind } = service.state;
  return kind === 'stopped' || kind === 'crashed' || kind === 'exited';
}
