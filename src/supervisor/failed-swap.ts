/** A successor that does not come to take over, and a current run that ends before it has. Pure. */
import type { Exit } from '../contract/facts.ts';
import type { HandoffReason } from '../contract/journal.ts';
import type { RestartHow, Successor } from '../contract/service-state.ts';
import { describeExit, describeReason } from '../contract/words.ts';
import type { Effect, ServiceEvent } from './events.ts';
import { enter, type Result, settle, unreachable, waitAgain } from './moves.ts';
import type { Service } from './state.ts';
import { dropSuccessor } from './stop.ts';
import {
  asksForAll,
  asReady,
  begun,
  clashes,
  more,
  otherAddress,
  type Swapping,
  toldOf,
} from './swapping.ts';

/** ms that listening may take once it is allowed. */
export const ATTACH_MS = 5_000;

/** It ended by itself, or could not be started: `exit` is null then. */
export function successorEnded(it: Swapping, exit: Exit | null, message: string, now: number): Result {
  const { service, state, successor } = it;
  const { name } = service.spec;
  const { run, cause, trial } = successor;
  if (trial) return successorFailedTrial(it);
  const failedEdit = { run, cause, exit, message, at: now };
  return {
    service: enter(service, { ...state, successor: null, failedEdit }, {}),
    effects: [{ kind: 'note', note: { kind: 'edit-failed', service: name, run, cause, exit, message } }],
  };
}

export function successorExited(
  it: Swapping,
  { exit, portTaken, aloneOnly = false, error }: Extract<ServiceEvent, { kind: 'exited' }>,
  now: number,
): Result {
  const { service, state, successor } = it;
  const { name } = service.spec;
  const { run, since } = successor;
  if (successor.trial) {
    const failed = successorFailedTrial(it);
    return { ...failed, effects: [{ kind: 'sweep', service: name, run }, ...failed.effects] };
  }
  const lasted = now - since;
  const why = error === undefined ? {} : { error };
  const ended: Effect[] = [
    { kind: 'note', note: { kind: 'run-ended', service: name, run, exit, cause: null, lasted, ...why } },
    { kind: 'sweep', service: name, run },
  ];
  const message =
    portTaken === null
      ? `ended with ${describeExit(exit)} before it could take over`
      : describeReason(portTaken, exit);
  const without = enter(service, { ...state, successor: null }, {});
  const after = aloneOnly
    ? stopFirst(without, successor, { kind: 'alone' }, 'handoff')
    : successorEnded(it, exit, message, now);
  return { service: after.service, effects: [...ended, ...after.effects] };
}

/** It may have met a file that was half saved, so nothing is said: the run after the burst will say it. */
function successorFailedTrial({ service, state }: Swapping): Result {
  return settle(enter(service, { ...state, successor: null }, {}));
}

/** Its time is over, in whatever phase. */
export function successorLate(it: Swapping, now: number): Result {
  const { successor, service } = it;
  if (successor.trial) return dropSuccessor(service, successor.cause);
  switch (successor.phase) {
    case 'starting':
      return giveUp(it, `not ready after ${service.spec.readyTimeout / 1000} s`, now);
    case 'ready':
      // What listens nowhere may be broken; what serves other addresses is not.
      return successor.gated.length > 0
        ? standAside(it, otherAddress(it), 'release')
        : giveUp(it, 'listens on no port that is served', now);
    case 'attaching':
      return giveUp(it, `did not listen within ${ATTACH_MS / 1000} s of being ready`, now);
    default:
      return unreachable(successor.phase);
  }
}

function giveUp(it: Swapping, message: string, now: number): Result {
  const failed = successorEnded(it, null, message, now);
  const { service, effects } = dropSuccessor(it.service, it.successor.cause);
  return {
    service: { ...failed.service, retiring: service.retiring },
    effects: [...failed.effects, ...effects],
  };
}

/** It cannot take over while the current run lives. */
export function standAside(it: Swapping, why: HandoffReason, how: RestartHow): Result {
  const dropped = dropSuccessor(it.service, it.successor.cause);
  if (it.successor.trial) return dropped;
  const { service, effects } = stopFirst(dropped.service, it.successor, why, how);
  return { service, effects: [...dropped.effects, ...effects] };
}

function stopFirst(service: Service, { run, cause }: Successor, why: HandoffReason, how: RestartHow): Result {
  return {
    service: {
      ...service,
      restartAsked: service.restartAsked ?? cause,
      restartHow: more(service.restartHow, how),
    },
    effects: [{ kind: 'note', note: { kind: 'handed-off', service: service.spec.name, run, why } }],
  };
}

/**
 * The current run ended by itself. The successor was asked to be private until now; it listens as soon as it
 * can, unless what it wants to listen on is not what is held.
 */
export function succeed(it: Swapping, now: number): Result {
  const { service, successor } = it;
  const { run, cause, since, held, phase } = successor;
  const { name, readyTimeout } = service.spec;
  const missesSome = phase === 'ready' && it.successor.gated.length > 0 && !asksForAll(it);
  if (service.restartHow !== 'swap' || missesSome || clashes(it)) {
    const dropped = dropSuccessor(service, cause);
    const restartHow = more(service.restartHow, 'release');
    return {
      service: waitAgain({ ...dropped.service, restartHow }, service.restartAsked ?? cause),
      effects: dropped.effects,
    };
  }
  const approve: Effect = { kind: 'approve', service: name, run };
  const told = successor.trial ? toldOf(service, successor) : [];
  if (phase !== 'starting') {
    const took = now - since;
    const note: Effect = { kind: 'note', note: { kind: 'run-ready', service: name, run, took } };
    return {
      service: enter(service, asReady(successor, now), begun(service, successor)),
      effects: phase === 'ready' ? [...told, approve, note] : [...told, note],
    };
  }
  const next = enter(
    service,
    { kind: 'starting', run, cause, since, late: null, held, unheld: null },
    begun(service, successor),
  );
  return {
    service: next,
    effects: [
      ...told,
      approve,
      { kind: 'timer', service: name, at: since + readyTimeout, epoch: next.epoch },
    ],
  };
}
