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
import type { Cause } from '../contract/facts.ts';
import type { Successor } from '../contract/service-state.ts';
import type { Effect } from './events.ts';
import { ATTACH_MS, standAside } from './failed-swap.ts';
import { enter, ignore, type Result, settle } from './moves.ts';
import type { Service } from './state.ts';
import { dropSuccessor } from './stop.ts';
import {
  asksForAll,
  asReady,
  begun,
  clashes,
  inPhase,
  otherAddress,
  type Swapping,
  servesAll,
  swapping,
  withAddress,
  withSuccessor,
} from './swapping.ts';

/** ms from a passed check and a first address until every other one that is served has been asked for. */
export const ADDRESSES_MS = 5_000;
/** Null: one that is about to take over does so first, which is a matter of ms. */
export function beginSwap(service: Service, cause: Cause, now: number, trial = false): Result | null {
  if (swapping(service)?.successor.phase === 'attaching') return null;
  const dropped = dropSuccessor(service, cause);
  const { state } = dropped.service;
  if (state.kind !== 'ready') return null;
  const run = service.lastRun + 1;
  const successor: Successor = { run, cause, since: now, phase: 'starting', gated: [], held: [], trial };
  const next = enter(dropped.service, { ...state, successor }, { lastRun: run, restartAsked: null });
  const { name, readyTimeout } = service.spec;
  return {
    service: next,
    effects: [
      ...dropped.effects,
      { kind: 'launch', service: name, run, cause, gate: 'wait', trial },
      { kind: 'timer', service: name, at: now + readyTimeout, epoch: next.epoch },
      ...(trial ? [] : [{ kind: 'note', note: { kind: 'run-started', service: name, run, cause } } as const]),
    ],
  };
}

export function successorReady(it: Swapping, now: number): Result {
  return it.successor.phase === 'starting' ? advance(it, now) : ignore(it.service);
}

export function successorGated(it: Swapping, address: string, now: number): Result {
  const { successor } = it;
  const next = withSuccessor(it, { ...successor, gated: withAddress(successor.gated, address) });
  return successor.phase === 'ready' ? advance(next, now) : settle(next.service);
}

/** Its hook may have opened the gate by itself, because no daemon was there for long. */
export function successorAttached(it: Swapping, address: string, now: number): Result {
  const { successor } = it;
  const gated = withAddress(successor.gated, address);
  const next = withSuccessor(it, { ...successor, gated, held: withAddress(successor.held, address) });
  if (successor.phase === 'ready') return advance(next, now);
  return successor.phase === 'attaching' && servesAll(next) ? promote(next, now) : settle(next.service);
}

/** Its check has passed: before that nothing that it does ends the run that serves. */
export function advance(it: Swapping, now: number): Result {
  const { successor, service } = it;
  if (clashes(it)) return standAside(it, otherAddress(it), 'release');
  if (asksForAll(it) && !successor.trial) return takeOver(it, now);
  // A check that looks at no port may pass long before it listens.
  const isMissing = successor.gated.length > 0 && !successor.trial;
  const until = isMissing ? now + ADDRESSES_MS : successor.since + service.spec.readyTimeout;
  return inPhase(it, 'ready', until, []);
}

function takeOver(it: Swapping, now: number): Result {
  if (servesAll(it)) return promote(it, now);
  const approve: Effect = { kind: 'approve', service: it.service.spec.name, run: it.successor.run };
  return inPhase(it, 'attaching', now + ATTACH_MS, [approve]);
}

function promote({ service, state, successor }: Swapping, now: number): Result {
  const { name, stop } = service.spec;
  const { run, cause } = successor;
  const old = { run: state.run, since: state.since, end: cause, how: 'drain' as const, untold: false };
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
