/** How a service's runs are ended, all of them, before something else comes. Pure. */
import type { Cause } from '../contract/facts.ts';
import type { Retiring, ServiceState } from '../contract/service-state.ts';
import type { Effect } from './events.ts';
import { enter, ignore, type Result, waitAgain } from './moves.ts';
import { liveRun, type Service } from './state.ts';

type Stopping = Extract<ServiceState, { kind: 'stopping' }>;

/**
 * Nothing that depends on it is in the way: its runs are ended, and it is started again if `next` says so.
 * Only what gives its port on may finish what it was answering first.
 */
export function beginStop(service: Service, end: Cause, next: Cause | null, now: number): Result {
  const run = liveRun(service);
  const { state } = service;
  if (run === null || state.kind === 'stopping') return ignore(service);
  const { since } = state as Extract<ServiceState, { kind: 'starting' | 'ready' }>;
  const drain = next === null ? 0 : drainOf(service);
  const dropped = dropSuccessor(service, end);
  return endAll(
    dropped.service,
    { kind: 'stopping', run, since, end, next, killAt: 0, killed: false, untold: false },
    drain,
    now,
    dropped.effects,
  );
}

/** It is told to stop while it drains for a restart: what it was answering does not matter any more. */
export function cutDrain(service: Service, state: Stopping, now: number): Result {
  if (state.killed || now >= state.killAt - service.spec.stop.grace) return ignore(service);
  return endAll(service, state, 0, now, []);
}

function endAll(service: Service, state: Stopping, drain: number, now: number, before: Effect[]): Result {
  const { name, stop } = service.spec;
  const killAt = now + drain + stop.grace;
  const told = (each: Retiring) => drain === 0 && each.how === 'drain';
  const next = enter(
    service,
    { ...state, killAt },
    {
      restartAsked: null,
      retiring: service.retiring.map((each) => (told(each) ? { ...each, how: 'end' } : each)),
    },
  );
  return {
    service: next,
    effects: [
      ...before,
      ...service.retiring
        .filter(told)
        .map(({ run }): Effect => ({ kind: 'terminate', service: name, run, drain: 0 })),
      { kind: 'terminate', service: name, run: state.run, drain },
      { kind: 'timer', service: name, at: killAt, epoch: next.epoch },
    ],
  };
}

function drainOf({ state, mode, restartHow, spec }: Service): number {
  const serves = 'held' in state && state.held.length > 0;
  return serves && mode !== 'plain' && restartHow !== 'hard' ? spec.stop.drain : 0;
}

export function kill(service: Service, state: Stopping, now: number): Result {
  const { name, stop } = service.spec;
  const after = Math.max(0, Math.round(now - (state.killAt - stop.grace)));
  const runs = [...service.retiring.map(({ run }) => run), state.run];
  return {
    service: { ...service, state: { ...state, killed: true } },
    effects: [
      ...runs.map((run): Effect => ({ kind: 'kill', service: name, run })),
      ...(state.untold
        ? []
        : [{ kind: 'note', note: { kind: 'killed', service: name, run: state.run, after } } as const]),
    ],
  };
}

/** Its current run is gone. Runs beside it are waited for one after the other. */
export function currentGone(service: Service, state: Stopping): Service {
  const [next, ...retiring] = service.retiring;
  // The timer goes on: it is for all of them.
  if (next !== undefined) {
    const { run, since, end, untold } = next;
    return { ...service, retiring, state: { ...state, run, since, end, untold } };
  }
  if (state.next !== null) return waitAgain(service, state.next);
  const lastCause = service.stopAsked ?? state.end;
  return enter(service, { kind: 'stopped' }, { stopAsked: null, lastCause });
}

/** It is not wanted and has no current run: what still runs beside that is ended. */
export function stopRest(service: Service, cause: Cause | null, now: number): Result {
  const [first, ...retiring] = service.retiring;
  if (first === undefined) {
    const changes = { stopAsked: null, lastCause: cause, restartAsked: null };
    return { service: enter(service, { kind: 'stopped' }, changes), effects: [] };
  }
  const { run, since, end, how, untold } = first;
  const state: Stopping = { kind: 'stopping', run, since, end, next: null, killAt: 0, killed: false, untold };
  const result = endAll({ ...service, retiring }, state, 0, now, []);
  // It was told already; the others are by `endAll`.
  return how === 'drain' ? result : { ...result, effects: result.effects.filter(notTerminate(run)) };
}

function notTerminate(run: number): (effect: Effect) => boolean {
  return (effect) => effect.kind !== 'terminate' || effect.run !== run;
}

/** The run that was to take over is not wanted any more. */
export function dropSuccessor(service: Service, end: Cause): Result {
  const { state } = service;
  if (state.kind !== 'ready' || state.successor === null) return ignore(service);
  const { run, since, trial } = state.successor;
  return {
    service: enter(
      service,
      { ...state, successor: null },
      { retiring: [...service.retiring, { run, since, end, how: 'discard', untold: trial }] },
    ),
    effects: [{ kind: 'discard', service: service.spec.name, run }],
  };
}
