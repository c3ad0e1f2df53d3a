/** The moves that a service makes from one state to the next, and what each has done. Pure. */
import type { Cause, ParkReason } from '../contract/facts.ts';
import { NOT_HELD, type ServiceState } from '../contract/service-state.ts';
import type { Effect } from './events.ts';
import type { Service } from './state.ts';

export interface Result {
  service: Service;
  effects: Effect[];
}

/** Its dependencies are there: a waiting service starts. */
export function launch(service: Service, cause: Cause, now: number): Result {
  const run = service.lastRun + 1;
  const releases = service.restartHow === 'release';
  const next = enter(
    service,
    { kind: 'starting', run, cause, since: now, late: null, ...NOT_HELD },
    {
      lastRun: run,
      lastCause: cause,
      restartAsked: null,
      restartHow: 'swap',
      sockets: releases ? [] : service.sockets,
      restarts: isFirstStart(service, cause) ? 0 : service.restarts + 1,
    },
  );
  const { name, readyTimeout } = service.spec;
  return {
    service: next,
    effects: [
      ...(releases ? [{ kind: 'release', service: name } as const] : []),
      { kind: 'launch', service: name, run, cause, gate: 'open' },
      { kind: 'timer', service: name, at: now + readyTimeout, epoch: next.epoch },
      {
        kind: 'note',
        note: { kind: 'run-started', service: name, run, cause, ...portUntilReady(next, releases) },
      },
    ],
  };
}

/** Whoever connects waits in the kernel where an earlier run has listened on what is held still. */
function portUntilReady({ sockets, mode, spec }: Service, releases: boolean): { port?: 'held' | 'closed' } {
  if (sockets.length > 0) return { port: 'held' };
  // Whether a program without a hook listens on what is held for it, nobody tells.
  return spec.ports.length > 0 && (mode === 'plain' || releases) ? { port: 'closed' } : {};
}

/** A person asked for it, or for what needs it. A cause that names one of its own dependencies is a restart. */
function isFirstStart(service: Service, cause: Cause): boolean {
  if (cause.kind !== 'dependency') return cause.kind === 'start' || cause.kind === 'boot';
  return !service.spec.dependsOn.some((dependency) => dependency.service === cause.service);
}

export function park(service: Service, reason: ParkReason): Result {
  return {
    service: enter(service, { kind: 'crashed', reason }, {}),
    effects: [{ kind: 'note', note: { kind: 'parked', service: service.spec.name, reason } }],
  };
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
