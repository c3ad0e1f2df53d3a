/** What processes and the clock tell of a service, in each state. Pure. */
import type { Cause, Exit, ParkReason } from '../contract/facts.ts';
import { describeReason } from '../contract/words.ts';
import type { Effect, ServiceEvent } from './events.ts';
import { succeed, successorEnded, successorExited, successorLate } from './failed-swap.ts';
import { enter, ignore, park, type Result, settle, unreachable, waitAgain } from './moves.ts';
import { afterExit } from './restart-policy.ts';
import { staleSockets } from './sockets.ts';
import { liveRun, liveRuns, type Service } from './state.ts';
import { currentGone, kill, stopRest } from './stop.ts';
import { successorReady } from './swap.ts';
import { swapping } from './swapping.ts';

export function ready(service: Service, run: number, now: number): Result {
  const it = swapping(service);
  if (it?.successor.run === run) return successorReady(it, now);
  const { state } = service;
  if (state.kind !== 'starting' || state.run !== run) return ignore(service);
  const { cause, since, held, unheld } = state;
  return {
    service: enter(
      service,
      { kind: 'ready', run, cause, since, readyAt: now, held, unheld, successor: null, failedEdit: null },
      {},
    ),
    effects: [
      { kind: 'note', note: { kind: 'run-ready', service: service.spec.name, run, took: now - since } },
    ],
  };
}

type Exited = Extract<ServiceEvent, { kind: 'exited' }>;

export function exited(service: Service, event: Exited, now: number): Result {
  const { run, exit, portTaken, error } = event;
  const { state } = service;
  const { name } = service.spec;
  const ended = (since: number, cause: Cause | null, ending?: number): Effect => ({
    kind: 'note',
    note: {
      kind: 'run-ended',
      service: name,
      run,
      exit,
      cause,
      lasted: now - since,
      ...(ending !== undefined && { ending }),
      ...(cause === null && error !== undefined && { error }),
    },
  });
  const it = swapping(service);
  if (it?.successor.run === run) return successorExited(it, event, now);
  // The rest of its tree is waited for: `gone` follows.
  const old = service.retiring.find((each) => each.run === run);
  if (old !== undefined) return { service, effects: old.untold ? [] : [ended(old.since, old.end)] };
  if (liveRun(service) !== run) return ignore(service);
  const since = 'since' in state ? state.since : now;
  const after = { ...(event.unguarded === true ? letGo(service, run) : service), lastExit: exit };
  if (state.kind === 'stopping') {
    // When it drained first, it was asked to end sooner than this tells.
    const ending = Math.max(0, now - (state.killAt - service.spec.stop.grace));
    return state.untold
      ? { service, effects: [] }
      : { service: after, effects: [ended(since, state.end, ending)] };
  }
  const { service: next, effects } = afterOwnEnd(after, exit, portTaken, now);
  const sweep: Effect = { kind: 'sweep', service: name, run };
  const asked = service.wanted ? service.restartAsked : service.stopAsked;
  return { service: next, effects: [ended(since, asked), sweep, ...effects] };
}

/** The sockets went with the last run that had them: until the next one has bound anew nobody listens. */
function letGo(service: Service, run: number): Service {
  const isLast = liveRuns(service).every((each) => each === run);
  if (!isLast || service.sockets.length === 0) return service;
  return { ...service, sockets: [], restartHow: 'release' };
}

type Drained = Extract<ServiceEvent, { kind: 'drained' }>;

export function drained(service: Service, { run, requests, left, took }: Drained): Result {
  const { state, retiring } = service;
  const isTold = state.kind === 'stopping' && state.run === run && !state.untold;
  const isOld = retiring.some((each) => each.run === run && !each.untold);
  if (!isTold && !isOld) return ignore(service);
  const note = { kind: 'drained', service: service.spec.name, run, requests, left, took } as const;
  return { service, effects: [{ kind: 'note', note }] };
}

function afterOwnEnd(service: Service, exit: Exit, portTaken: ParkReason | null, now: number): Result {
  const { wanted, stopAsked, lastCause, restartAsked } = service;
  if (!wanted) return stopRest(service, stopAsked ?? lastCause, now);
  const it = swapping(service);
  if (it !== null) return succeed(it, now);
  return restartAsked === null
    ? recover(service, exit, portTaken, now)
    : settle(waitAgain(service, restartAsked));
}

/** It ended by itself and is wanted. */
function recover(service: Service, exit: Exit, portTaken: ParkReason | null, now: number): Result {
  if (portTaken !== null && staleSockets(service).length > 0) {
    // The port is taken by the sockets that are held for another address than it asked for.
    const again = { ...service, restartHow: 'release' } as const;
    return settle(enter(again, { kind: 'waiting', cause: { kind: 'crash', exit } }, {}));
  }
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

export function gone(service: Service, run: number): Result {
  const { state, retiring } = service;
  if (retiring.some((each) => each.run === run))
    return settle({ ...service, retiring: retiring.filter((each) => each.run !== run) });
  if (state.kind !== 'stopping' || state.run !== run) return ignore(service);
  return settle(currentGone(service, state));
}

export function cannotStart(service: Service, run: number, reason: ParkReason, now: number): Result {
  const { state, wanted, restartAsked, stopAsked, lastCause } = service;
  const it = swapping(service);
  if (it?.successor.run === run) return successorEnded(it, null, describeReason(reason, null), now);
  if (state.kind !== 'starting' || state.run !== run) return gone(service, run);
  if (!wanted) return stopRest(service, stopAsked ?? lastCause, now);
  return restartAsked === null ? park(service, reason) : settle(waitAgain(service, restartAsked));
}

export function timer(service: Service, now: number): Result {
  const { state } = service;
  const { name } = service.spec;
  switch (state.kind) {
    case 'backoff':
      return settle(enter(service, { kind: 'waiting', cause: { kind: 'crash', exit: state.exit } }, {}));
    case 'stopping':
      return state.killed ? ignore(service) : kill(service, state, now);
    case 'starting': {
      const after = service.spec.readyTimeout;
      const late = `not ready after ${after / 1000} s`;
      const note = { kind: 'late', service: name, run: state.run, after, detail: late } as const;
      return { service: { ...service, state: { ...state, late } }, effects: [{ kind: 'note', note }] };
    }
    case 'ready': {
      const it = swapping(service);
      return it === null ? ignore(service) : successorLate(it, now);
    }
    case 'stopped':
    case 'waiting':
    case 'crashed':
    case 'exited':
      return ignore(service);
    default:
      return unreachable(state);
  }
}
