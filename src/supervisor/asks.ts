/** What a person or an edit asks of a service, in each state. Pure. */
import type { Cause } from '../contract/facts.ts';
import { enter, FRESH, ignore, type Result, settle, unreachable } from './moves.ts';
import type { Service } from './state.ts';
import { cutDrain, dropSuccessor, kill, stopRest } from './stop.ts';
import { more, portOf } from './swapping.ts';

export function wantUp(service: Service, cause: Cause): Result {
  const wanted = { ...service, wanted: true, stopAsked: null };
  const { state } = service;
  switch (state.kind) {
    case 'stopped':
    case 'exited':
    case 'crashed':
    case 'backoff':
      return settle(enter(wanted, { kind: 'waiting', cause }, FRESH));
    case 'stopping':
      return settle({ ...wanted, state: { ...state, next: state.next ?? cause }, ...FRESH });
    case 'waiting':
    case 'starting':
    case 'ready':
      return settle({ ...wanted, ...FRESH });
    default:
      return unreachable(state);
  }
}

export function wantDown(service: Service, cause: Cause, now: number): Result {
  const unwanted = { ...service, wanted: false, restartAsked: null, stopAsked: cause };
  const { state } = service;
  switch (state.kind) {
    case 'starting':
    case 'ready':
      // Its dependents stop first; the workspace decides when (see reconcile).
      return dropSuccessor(unwanted, cause);
    case 'stopping':
      return stopHarder(
        { ...unwanted, state: { ...state, end: cause, next: null } },
        service.stopAsked !== null,
        now,
      );
    case 'waiting':
    case 'backoff':
    case 'crashed':
    case 'exited':
    case 'stopped':
      return stopRest({ ...unwanted, ...FRESH }, cause, now);
    default:
      return unreachable(state);
  }
}

/** A second `stop` does not wait for the grace period to end, a first one not for a drain. */
function stopHarder(service: Service, askedBefore: boolean, now: number): Result {
  const { state } = service;
  if (state.kind !== 'stopping' || state.killed) return settle(service);
  return askedBefore ? kill(service, state, now) : cutDrain(service, state, now);
}

export function restart(service: Service, cause: Cause, hard: boolean): Result {
  const { state } = service;
  const restartHow = more(service.restartHow, hard ? 'hard' : 'swap');
  const wanted = { ...service, wanted: true, stopAsked: null, restartHow };
  switch (state.kind) {
    case 'starting':
    case 'ready':
      return { service: { ...wanted, ...FRESH, restartAsked: cause }, effects: tellOfPorts(service) };
    case 'stopping':
      return settle({ ...wanted, ...FRESH, state: { ...state, next: cause } });
    case 'waiting':
      return settle({ ...wanted, ...FRESH });
    case 'stopped':
    case 'backoff':
    case 'crashed':
    case 'exited':
      return settle(enter(wanted, { kind: 'waiting', cause }, FRESH));
    default:
      return unreachable(state);
  }
}

/** Why a service that is swapped is stopped first this time, where its declared ports are why. */
function tellOfPorts({ spec, mode, sockets, restartHow, restartAsked, lastRun }: Service): Result['effects'] {
  const before = [...new Set(sockets.map((address) => Number(portOf(address))))];
  const isSame = before.every((port) => spec.ports.includes(port));
  if (mode === 'plain' || restartHow !== 'release' || restartAsked !== null || isSame) return [];
  const why = { kind: 'ports' as const, before, now: [...spec.ports] };
  return [{ kind: 'note', note: { kind: 'handed-off', service: spec.name, run: lastRun + 1, why } }];
}

/** As `edit`, for a next run that cannot be started: the one that serves is not ended for it. */
export function hopelessEdit(service: Service, cause: Cause, message: string, now: number): Result {
  const { state, spec, mode, wanted } = service;
  // Where it is swapped, the run that fails to come tells.
  if (!wanted || state.kind !== 'ready' || mode === 'swap') return edit(service, cause);
  const run = service.lastRun + 1;
  const failedEdit = { run, cause, exit: null, message, at: now };
  return {
    service: enter(service, { ...state, failedEdit }, { lastRun: run }),
    effects: [
      { kind: 'note', note: { kind: 'edit-failed', service: spec.name, run, cause, exit: null, message } },
    ],
  };
}

/** An edit concerns only what is wanted; a start that is still to come loads the new code anyway. */
export function edit(service: Service, cause: Cause): Result {
  if (!service.wanted) return ignore(service);
  const { kind } = service.state;
  return kind === 'waiting' || kind === 'stopping'
    ? settle({ ...service, ...FRESH })
    : restart(service, cause, false);
}
