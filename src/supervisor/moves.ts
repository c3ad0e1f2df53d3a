/** The moves that a service makes from one state to the next, and what each has done. Pure. */
import type { Cause, ParkReason } from '../contract/facts.ts';
import type { ServiceState } from '../contract/service-state.ts';
import type { Effect } from './events.ts';
import { liveRun, type Service } from './state.ts';

export interface Result {
  service: Service;
  effects: Effect[];
}

/** Its dependencies are there: a waiting service starts. */
export function launch(service: Service, cause: Cause, now: number): Result {
  const run = service.lastRun + 1;
  const next = enter(
    service,
    { kind: 'starting', run, cause, since: now, late: null },
    {
      lastRun: run,
      lastCause: cause,
      restartAsked: null,
      restarts: isFirstStart(service, cause) ? 0 : service.restarts + 1,
    },
  );
  const { name, readyTimeout } = service.spec;
  return {
    service: next,
    effects: [
      { kind: 'launch', service: name, run, cause },
      { kind: 'timer', service: name, at: now + readyTimeout, epoch: next.epoch },
      { kind: 'note', note: { kind: 'run-started', service: name, run, cause } },
    ],
  };
}

/** A person asked for it, or for what needs it. A cause that names one of its own dependencies is a restart. */
function isFirstStart(service: Service, cause: Cause): boolean {
  if (cause.kind !== 'dependency') return cause.kind === 'start' || cause.kind === 'boot';
  return !service.spec.dependsOn.some((dependency) => dependency.service === cause.service);
}

/** Nothing that depends on it is in the way: a running service is stopped, and started again if `next` says so. */
export function beginStop(service: Service, end: Cause, next: Cause | null, now: number): Result {
  const run = liveRun(service);
  const { state } = service;
  if (run === null || state.kind === 'stopping') return ignore(service);
  const since = state.kind === 'starting' || state.kind === 'ready' ? state.since : now;
  const killAt = now + service.spec.stop.grace;
  const stopping = enter(
    service,
    { kind: 'stopping', run, since, end, next, killAt, killed: false },
    { restartAsked: null },
  );
  const { name } = service.spec;
  return {
    service: stopping,
    effects: [
      { kind: 'terminate', service: name, run },
      { kind: 'timer', service: name, at: killAt, epoch: stopping.epoch },
    ],
  };
}

export function kill(
  service: Service,
  state: Extract<ServiceState, { kind: 'stopping' }>,
  now: number,
): Result {
  const { name, stop } = service.spec;
  const after = Math.round(now - (state.killAt - stop.grace));
  return {
    service: { ...service, state: { ...state, killed: true } },
    effects: [
      { kind: 'kill', service: name, run: state.run },
      { kind: 'note', note: { kind: 'killed', service: name, run: state.run, after } },
    ],
  };
}

export function park(service: Service, reason: ParkReason): Result {
  return {
    service: enter(service, { kind: 'crashed', reason }, {}),
    effects: [{ kind: 'note', note: { kind: 'parked', service: service.spec.name, reason } }],
  };
}

/** It is not wanted, and its run ended before it was told to. */
export function stopped(service: Service): Service {
  const lastCause = service.stopAsked ?? service.lastCause;
  return enter(service, { kind: 'stopped' }, { stopAsked: null, lastCause });
}

export function waitAgain(service: Service, cause: Cause): Service {
  return enter(service, { kind: 'waiting', cause }, { restartAsked: null });
}

/** A person or an edit asked: earlier failures no longer count. */
export const FRESH = { failures: [], attempt: 0 } as const;

export function enter(service: Service, state: ServiceState, changes: Partial<Service>): Service {
  return { ...service, ...changes, state, epoch: service.epoch + 1 };
}

export function settle(service: Service): Result {
  return { service, effects: [] };
}

/** Nothing to do in this state, on purpose. */
export function ignore(service: Service): Result {
  return { service, effects: [] };
}

export function unreachable(value: never): never {
  throw new Error(`unhandled: ${JSON.stringify(value)}`);
}
