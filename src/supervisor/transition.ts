/** One service: what an event makes of its state, and what is to be done. Pure. */
import type { Cause, Exit, ParkReason } from '../contract/facts.ts';
import type { ServiceState } from '../contract/service-state.ts';
import type { Effect, ServiceEvent } from './events.ts';
import { afterExit } from './restart-policy.ts';
import { liveRun, type Service } from './state.ts';

export interface Result {
  service: Service;
  effects: Effect[];
}

export function transition(service: Service, event: ServiceEvent, now: number): Result {
  switch (event.kind) {
    case 'want-up':
      return wantUp(service, event.cause);
    case 'want-down':
      return wantDown(service, event.cause);
    case 'restart':
      return restart(service, event.cause);
    case 'edit':
      return edit(service, { kind: 'edit', files: event.files });
    case 'ready':
      return ready(service, event.run, now);
    case 'exited':
      return exited(service, event.run, event.exit, event.portTaken, now);
    case 'gone':
      return gone(service, event.run);
    case 'cannot-start':
      return cannotStart(service, event.run, event.reason);
    case 'timer':
      return event.epoch === service.epoch ? timer(service) : ignore(service);
    default:
      return unreachable(event);
  }
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

function wantUp(service: Service, cause: Cause): Result {
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

function wantDown(service: Service, cause: Cause): Result {
  const unwanted = { ...service, wanted: false, restartAsked: null, stopAsked: cause };
  const { state } = service;
  switch (state.kind) {
    case 'starting':
    case 'ready':
      // Its dependents stop first; the workspace decides when (see reconcile).
      return settle(unwanted);
    case 'stopping':
      return stopHarder(
        { ...unwanted, state: { ...state, end: cause, next: null } },
        service.stopAsked !== null,
      );
    case 'waiting':
    case 'backoff':
    case 'crashed':
    case 'exited':
    case 'stopped':
      return settle(enter(unwanted, { kind: 'stopped' }, { ...FRESH, stopAsked: null, lastCause: cause }));
    default:
      return unreachable(state);
  }
}

/** A second `stop` does not wait for the grace period to end. */
function stopHarder(service: Service, askedBefore: boolean): Result {
  const { state } = service;
  if (!askedBefore || state.kind !== 'stopping' || state.killed) return settle(service);
  return kill(service, state);
}

function restart(service: Service, cause: Cause): Result {
  const { state } = service;
  const wanted = { ...service, wanted: true, stopAsked: null };
  switch (state.kind) {
    case 'starting':
    case 'ready':
      return settle({ ...wanted, ...FRESH, restartAsked: cause });
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

/** An edit concerns only what is wanted; a start that is still to come loads the new code anyway. */
function edit(service: Service, cause: Cause): Result {
  if (!service.wanted) return ignore(service);
  const { kind } = service.state;
  return kind === 'waiting' || kind === 'stopping'
    ? settle({ ...service, ...FRESH })
    : restart(service, cause);
}

function ready(service: Service, run: number, now: number): Result {
  const { state } = service;
  if (state.kind !== 'starting' || state.run !== run) return ignore(service);
  const { cause, since } = state;
  return {
    service: enter(service, { kind: 'ready', run, cause, since, readyAt: now }, {}),
    effects: [
      { kind: 'note', note: { kind: 'run-ready', service: service.spec.name, run, took: now - since } },
    ],
  };
}

function exited(
  service: Service,
  run: number,
  exit: Exit,
  portTaken: ParkReason | null,
  now: number,
): Result {
  const { state } = service;
  if (liveRun(service) !== run) return ignore(service);
  const { name } = service.spec;
  const since = 'since' in state ? state.since : now;
  const note = (cause: Cause | null): Effect => ({
    kind: 'note',
    note: { kind: 'run-ended', service: name, run, exit, cause, lasted: now - since },
  });
  const ended = { ...service, lastExit: exit };
  // While stopping, the rest of its tree is waited for: `gone` follows.
  if (state.kind === 'stopping') return { service: ended, effects: [note(state.end)] };
  const sweep: Effect = { kind: 'sweep', service: name, run };
  if (!service.wanted) {
    return { service: stopped(ended), effects: [note(service.stopAsked), sweep] };
  }
  const after =
    service.restartAsked === null
      ? recover(ended, exit, portTaken, now)
      : settle(waitAgain(ended, service.restartAsked));
  return { service: after.service, effects: [note(service.restartAsked), sweep, ...after.effects] };
}

/** It ended by itself and is wanted. */
function recover(service: Service, exit: Exit, portTaken: ParkReason | null, now: number): Result {
  if (portTaken !== null) return park(service, portTaken);
  const { state } = service;
  const readyFor = state.kind === 'ready' ? now - state.readyAt : null;
  const { name, restart: policy } = service.spec;
  const verdict = afterExit(policy, exit, readyFor, now, service);
  switch (verdict.kind) {
    case 'rest':
      return settle(enter(service, { kind: 'exited', exit }, {}));
    case 'park':
      return park(
        { ...service, ...verdict.history },
        { kind: 'failures', count: verdict.count, window: policy.window },
      );
    case 'restart': {
      const { delay, history } = verdict;
      if (delay === 0)
        return settle(enter(service, { kind: 'waiting', cause: { kind: 'crash', exit } }, history));
      const next = enter(service, { kind: 'backoff', exit, until: now + delay, delay }, history);
      return {
        service: next,
        effects: [
          { kind: 'timer', service: name, at: now + delay, epoch: next.epoch },
          { kind: 'note', note: { kind: 'retry', service: name, delay, failures: history.failures.length } },
        ],
      };
    }
    default:
      return unreachable(verdict);
  }
}

function park(service: Service, reason: ParkReason): Result {
  return {
    service: enter(service, { kind: 'crashed', reason }, {}),
    effects: [{ kind: 'note', note: { kind: 'parked', service: service.spec.name, reason } }],
  };
}

function gone(service: Service, run: number): Result {
  const { state } = service;
  if (state.kind !== 'stopping' || state.run !== run) return ignore(service);
  if (state.next !== null) return settle(waitAgain(service, state.next));
  return settle(enter(service, { kind: 'stopped' }, { stopAsked: null, lastCause: state.end }));
}

/** It is not wanted, and its run ended before it was told to. */
function stopped(service: Service): Service {
  const lastCause = service.stopAsked ?? service.lastCause;
  return enter(service, { kind: 'stopped' }, { stopAsked: null, lastCause });
}

function waitAgain(service: Service, cause: Cause): Service {
  return enter(service, { kind: 'waiting', cause }, { restartAsked: null });
}

function cannotStart(service: Service, run: number, reason: ParkReason): Result {
  const { state, wanted, restartAsked } = service;
  if (state.kind === 'stopping') return gone(service, run);
  if (state.kind !== 'starting' || state.run !== run) return ignore(service);
  if (!wanted) return settle(stopped(service));
  return restartAsked === null ? park(service, reason) : settle(waitAgain(service, restartAsked));
}

function timer(service: Service): Result {
  const { state } = service;
  const { name } = service.spec;
  switch (state.kind) {
    case 'backoff':
      return settle(enter(service, { kind: 'waiting', cause: { kind: 'crash', exit: state.exit } }, {}));
    case 'stopping':
      return state.killed ? ignore(service) : kill(service, state);
    case 'starting': {
      const after = service.spec.readyTimeout;
      const late = `not ready after ${after / 1000} s`;
      const note = { kind: 'late', service: name, run: state.run, after, detail: late } as const;
      return { service: { ...service, state: { ...state, late } }, effects: [{ kind: 'note', note }] };
    }
    case 'stopped':
    case 'waiting':
    case 'ready':
    case 'crashed':
    case 'exited':
      return ignore(service);
    default:
      return unreachable(state);
  }
}

function kill(service: Service, state: Extract<ServiceState, { kind: 'stopping' }>): Result {
  const { name, stop } = service.spec;
  return {
    service: { ...service, state: { ...state, killed: true } },
    effects: [
      { kind: 'kill', service: name, run: state.run },
      { kind: 'note', note: { kind: 'killed', service: name, run: state.run, after: stop.grace } },
    ],
  };
}

/** A person or an edit asked: earlier failures no longer count. */
const FRESH = { failures: [], attempt: 0 } as const;

function enter(service: Service, state: ServiceState, changes: Partial<Service>): Service {
  return { ...service, ...changes, state, epoch: service.epoch + 1 };
}

function settle(service: Service): Result {
  return { service, effects: [] };
}

/** Nothing to do in this state, on purpose. */
function ignore(service: Service): Result {
  return { service, effects: [] };
}

function unreachable(value: never): never {
  throw new Error(`unhandled: ${JSON.stringify(value)}`);
}
