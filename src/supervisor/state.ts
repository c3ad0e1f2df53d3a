/**
 * A service and its state, and how the one state leads to the other.
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
import type { ResolvedService } from '../contract/config.ts';
import type { Cause, Exit } from '../contract/facts.ts';
import type { ServiceState } from '../contract/service-state.ts';

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
