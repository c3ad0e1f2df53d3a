/**
 * A restart that refuses no connection: the current run serves until the one that is to follow it serves.
 *
 *   ready ──────────► ready, successor starting ──► … ready ──► … attaching ──────────► ready (the new run)
 *     ▲   launch        │            check passed     ▲ │  approve      │    attached      old one: retire
 *     │   (gate: wait)  │                             │ │ all addresses │
 *     │                 │                             └─┘ gated         │
 *     └─────────────────┴─────────────────────────────────────────────◄─┘
 *        it ended, could not start, is late: edit-failed, the current run goes on
 *
 * A further edit discards the successor and launches another one. One that cannot take over while the
 * current run lives stands aside: then the current run is stopped first. When the current run ends by
 * itself, the successor is the current one. Pure.
 */
import type { Cause, Exit, ParkReason } from '../contract/facts.ts';
import type { HandoffReason } from '../contract/journal.ts';
import type { RestartHow, ServiceState, Successor } from '../contract/service-state.ts';
import { describeExit, describeReason } from '../contract/words.ts';
import type { Effect } from './events.ts';
import { enter, ignore, type Result, settle, unreachable, waitAgain } from './moves.ts';
import type { Service } from './state.ts';
import { dropSuccessor } from './stop.ts';

type Ready = Extract<ServiceState, { kind: 'ready' }>;

/** A service with a successor on its way, which therefore is ready. */
export interface Swapping {
  service: Service;
  state: Ready;
  successor: Successor;
}

/** ms from a passed check until every address that the current run serves has been asked for. */
export const ADDRESSES_MS = 1_000;
/** ms that listening may take once it is allowed. */
export const ATTACH_MS = 5_000;

/** Whether a restart of it goes without a stop. */
export function swaps({ state, mode, wanted, restartHow }: Service): boolean {
  if (!wanted || mode !== 'swap' || restartHow !== 'swap' || state.kind !== 'ready') return false;
  return state.held.length > 0 && state.unheld === null;
}

export function swapping(service: Service): Swapping | null {
  const { state } = service;
  if (state.kind !== 'ready' || state.successor === null) return null;
  return { service, state, successor: state.successor };
}

/** Null: one that is about to take over does so first, which is a matter of ms. */
export function beginSwap(service: Service, cause: Cause, now: number): Result | null {
  if (swapping(service)?.successor.phase === 'attaching') return null;
  const dropped = dropSuccessor(service, cause);
  const { state } = dropped.service;
  if (state.kind !== 'ready') return null;
  const run = service.lastRun + 1;
  const successor: Successor = { run, cause, since: now, phase: 'starting', gated: [], held: [] };
  const next = enter(dropped.service, { ...state, successor }, { lastRun: run, restartAsked: null });
  const { name, readyTimeout } = service.spec;
  return {
    service: next,
    effects: [
      ...dropped.effects,
      { kind: 'launch', service: name, run, cause, gate: 'wait' },
      { kind: 'timer', service: name, at: now + readyTimeout, epoch: next.epoch },
      { kind: 'note', note: { kind: 'run-started', service: name, run, cause } },
    ],
  };
}

export function successorReady(it: Swapping, now: number): Result {
  if (it.successor.phase !== 'starting') return ignore(it.service);
  return asksForAll(it) ? takeOver(it, now) : inPhase(it, 'ready', now + ADDRESSES_MS, []);
}

/** Once an address is listened on, the kernel queues connections there, though nobody accepts them. */
function asksForAll({ service, successor }: Swapping): boolean {
  return service.sockets.every((address) => successor.gated.includes(address));
}

function servesAll({ service, successor }: Swapping): boolean {
  return service.sockets.every((address) => successor.held.includes(address));
}

export function successorGated(it: Swapping, address: string, now: number): Result {
  const { service, successor } = it;
  const next = withSuccessor(it, { ...successor, gated: withAddress(successor.gated, address) });
  const clashes = service.sockets.some((each) => portOf(each) === portOf(address));
  if (clashes && !service.sockets.includes(address)) return standAside(next, otherAddress(next), 'release');
  return successor.phase === 'ready' && asksForAll(next) ? takeOver(next, now) : settle(next.service);
}

/** Its hook may have opened the gate by itself, because no daemon was there for long. */
export function successorAttached(it: Swapping, address: string, now: number): Result {
  const { successor } = it;
  const gated = withAddress(successor.gated, address);
  const next = withSuccessor(it, { ...successor, gated, held: withAddress(successor.held, address) });
  if (successor.phase === 'attaching') return servesAll(next) ? promote(next, now) : settle(next.service);
  return successor.phase === 'ready' && asksForAll(next) ? takeOver(next, now) : settle(next.service);
}

function takeOver(it: Swapping, now: number): Result {
  if (servesAll(it)) return promote(it, now);
  const approve: Effect = { kind: 'approve', service: it.service.spec.name, run: it.successor.run };
  return inPhase(it, 'attaching', now + ATTACH_MS, [approve]);
}

function promote({ service, state, successor }: Swapping, now: number): Result {
  const { name, stop } = service.spec;
  const { run, cause } = successor;
  const old = { run: state.run, since: state.since, end: cause, how: 'drain' as const };
  const took = now - successor.since;
  return {
    service: enter(service, asReady(successor, now), {
      ...begun(service, successor),
      retiring: [...service.retiring, old],
    }),
    effects: [
      { kind: 'retire', service: name, run: state.run, drain: stop.drain, grace: stop.grace },
      { kind: 'note', note: { kind: 'run-ready', service: name, run, took } },
      { kind: 'note', note: { kind: 'swapped', service: name, run, from: state.run, took } },
    ],
  };
}

/** Only now does it count as a restart of the service. */
function begun(service: Service, { cause }: Successor) {
  return { lastCause: cause, restarts: service.restarts + 1 };
}

function asReady({ run, cause, since, held }: Successor, now: number): Ready {
  return {
    kind: 'ready',
    run,
    cause,
    since,
    readyAt: now,
    held,
    unheld: null,
    successor: null,
    failedEdit: null,
  };
}

/** It ended by itself, or could not be started: `exit` is null then. */
export function successorEnded(it: Swapping, exit: Exit | null, message: string, now: number): Result {
  const { service, state, successor } = it;
  const { name } = service.spec;
  const { run, cause } = successor;
  const failedEdit = { run, cause, exit, message, at: now };
  return {
    service: enter(service, { ...state, successor: null, failedEdit }, {}),
    effects: [{ kind: 'note', note: { kind: 'edit-failed', service: name, run, cause, exit, message } }],
  };
}

export function successorExited(
  it: Swapping,
  exit: Exit,
  portTaken: ParkReason | null,
  aloneOnly: boolean,
  now: number,
): Result {
  const { service, state, successor } = it;
  const { name } = service.spec;
  const { run, since } = successor;
  const lasted = now - since;
  const ended: Effect[] = [
    { kind: 'note', note: { kind: 'run-ended', service: name, run, exit, cause: null, lasted } },
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

/** Its time is over, in whatever phase. */
export function successorLate(it: Swapping, now: number): Result {
  const { successor, service } = it;
  switch (successor.phase) {
    case 'starting':
      return giveUp(it, `not ready after ${service.spec.readyTimeout / 1000} s`, now);
    case 'ready':
      return standAside(it, otherAddress(it), 'release');
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
  if (service.restartHow !== 'swap' || phase === 'ready') {
    const dropped = dropSuccessor(service, cause);
    const restartHow = more(service.restartHow, 'release');
    return {
      service: waitAgain({ ...dropped.service, restartHow }, service.restartAsked ?? cause),
      effects: dropped.effects,
    };
  }
  if (phase === 'attaching') {
    const took = now - since;
    return {
      service: enter(service, asReady(successor, now), begun(service, successor)),
      effects: [{ kind: 'note', note: { kind: 'run-ready', service: name, run, took } }],
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
      { kind: 'approve', service: name, run },
      { kind: 'timer', service: name, at: since + readyTimeout, epoch: next.epoch },
    ],
  };
}

const HOWS: readonly RestartHow[] = ['swap', 'handoff', 'hard', 'release'];

export function more(one: RestartHow, other: RestartHow): RestartHow {
  return HOWS.indexOf(one) < HOWS.indexOf(other) ? other : one;
}

export function withAddress(addresses: readonly string[], address: string): string[] {
  return addresses.includes(address) ? [...addresses] : [...addresses, address];
}

function portOf(address: string): string {
  return address.slice(0, address.indexOf('/'));
}

function otherAddress({ service, successor }: Swapping): HandoffReason {
  return { kind: 'address', before: [...service.sockets], now: successor.gated };
}

function withSuccessor({ service, state }: Swapping, successor: Successor): Swapping {
  const next = { ...state, successor };
  return { service: { ...service, state: next }, state: next, successor };
}

function inPhase(it: Swapping, phase: Successor['phase'], until: number, effects: Effect[]): Result {
  const { service, state } = it;
  const next = enter(service, { ...state, successor: { ...it.successor, phase } }, {});
  const timer: Effect = { kind: 'timer', service: service.spec.name, at: until, epoch: next.epoch };
  return { service: next, effects: [...effects, timer] };
}
