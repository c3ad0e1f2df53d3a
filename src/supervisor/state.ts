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
 * A `ready` service whose port is held is not stopped for a restart: see swap.ts.
 */
import type { Mode, ResolvedService } from '../contract/config.ts';
import type { Cause, Exit } from '../contract/facts.ts';
import type { RestartHow, Retiring, ServiceState } from '../contract/service-state.ts';

export interface Service {
  readonly spec: ResolvedService;
  readonly mode: Mode;
  /** Why it is this mode, in words for a person; null: nobody has said. */
  readonly modeReason: string | null;
  /** What the person asked for; what is observed is `state`. */
  readonly wanted: boolean;
  readonly state: ServiceState;
  /** Rises with every change of state; a timer that carries an older one is ignored. */
  readonly epoch: number;
  /** Why it is to be restarted as soon as its dependents have stopped; null when it is not. */
  readonly restartAsked: Cause | null;
  /** How that, or the launch that is to come, goes about it. */
  readonly restartHow: RestartHow;
  /** Runs beside the current one that were told to end and have not, oldest first. */
  readonly retiring: readonly Retiring[];
  /**
   * Addresses of held sockets on which a run has listened since they were bound. The kernel goes on taking
   * connections there whatever becomes of the run, so every run from then on must serve them, and no others
   * of their ports (listen(2) would fail with EADDRINUSE).
   */
  readonly sockets: readonly string[];
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

export function newService(spec: ResolvedService, mode: Mode, modeReason: string | null = null): Service {
  return {
    spec,
    mode,
    modeReason,
    wanted: false,
    state: { kind: 'stopped' },
    epoch: 0,
    restartAsked: null,
    restartHow: 'swap',
    retiring: [],
    sockets: [],
    stopAsked: null,
    failures: [],
    attempt: 0,
    lastRun: 0,
    lastExit: null,
    lastCause: null,
    restarts: 0,
  };
}

/** The configuration says something new of it; its next launch goes by that. */
export function reconfigured(
  service: Service,
  spec: ResolvedService,
  mode: Mode,
  modeReason: string | null = null,
): Service {
  const samePorts =
    spec.ports.length === service.spec.ports.length &&
    spec.ports.every((port) => service.spec.ports.includes(port));
  const same = mode === service.mode && (samePorts || mode === 'plain');
  // Other sockets are to be held, which takes another shim.
  return {
    ...service,
    spec,
    mode,
    modeReason,
    restartHow: same || isAtRest(service) ? service.restartHow : 'release',
  };
}

/** The current run, which has a process now, or null. */
export function liveRun(service: Service): number | null {
  const { state } = service;
  return state.kind === 'starting' || state.kind === 'ready' || state.kind === 'stopping' ? state.run : null;
}

/** All runs that have processes: those that were told to end, the current one, its successor. */
export function liveRuns(service: Service): number[] {
  const { state, retiring } = service;
  const current = liveRun(service);
  return [
    ...retiring.map(({ run }) => run),
    ...(current === null ? [] : [current]),
    ...(state.kind === 'ready' && state.successor !== null ? [state.successor.run] : []),
  ];
}

/** Nothing runs and nothing will by itself. */
export function isAtRest(service: Service): boolean {
  const { kind } = service.state;
  if (service.retiring.length > 0) return false;
  return kind === 'stopped' || kind === 'crashed' || kind === 'exited';
}
