/** What processes and the clock tell of a service, in each state. Pure. */
import type { Cause, Exit, ParkReason } from '../contract/facts.ts';
import type { Effect } from './events.ts';
import { enter, ignore, kill, park, type Result, settle, stopped, unreachable, waitAgain } from './moves.ts';
import { afterExit } from './restart-policy.ts';
import { liveRun, type Service } from './state.ts';

export function ready(service: Service, run: number, now: number): Result {
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

export function exited(
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

export function gone(service: Service, run: number): Result {
  const { state } = service;
  if (state.kind !== 'stopping' || state.run !== run) return ignore(service);
  if (state.next !== null) return settle(waitAgain(service, state.next));
  return settle(enter(service, { kind: 'stopped' }, { stopAsked: null, lastCause: state.end }));
}

export function cannotStart(service: Service, run: number, reason: ParkReason): Result {
  const { state, wanted, restartAsked } = service;
  if (state.kind === 'stopping') return gone(service, run);
  if (state.kind !== 'starting' || state.run !== run) return ignore(service);
  if (!wanted) return settle(stopped(service));
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
