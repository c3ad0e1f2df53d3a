/** A service whose current run is to be followed by another one: what both have to do with held sockets. Pure. */
import type { HandoffReason } from '../contract/journal.ts';
import type { RestartHow, ServiceState, Successor } from '../contract/service-state.ts';
import type { Effect } from './events.ts';
import { enter, type Result } from './moves.ts';
import type { Service } from './state.ts';

export type Ready = Extract<ServiceState, { kind: 'ready' }>;

/** A service with a successor on its way, which therefore is ready. */
export interface Swapping {
  service: Service;
  state: Ready;
  successor: Successor;
}

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

/** Once an address is listened on, the kernel queues connections there, though nobody accepts them. */
export function asksForAll({ service, successor }: Swapping): boolean {
  return service.sockets.every((address) => successor.gated.includes(address));
}

export function servesAll({ service, successor }: Swapping): boolean {
  return service.sockets.every((address) => successor.held.includes(address));
}

/** Of a port that is served it asks for another address: listen(2) fails there while the one that is served listens. */
export function clashes({ service, successor }: Swapping): boolean {
  const ports = service.sockets.map(portOf);
  return successor.gated.some(
    (address) => !service.sockets.includes(address) && ports.includes(portOf(address)),
  );
}

/** Only now does it count as a restart of the service. */
export function begun(service: Service, { cause }: Successor) {
  return { lastCause: cause, restarts: service.restarts + 1 };
}

/** One that was on trial counts from now on. */
export function toldOf(service: Service, { run, cause }: Successor): Effect[] {
  const { name } = service.spec;
  return [
    { kind: 'keep', service: name, run },
    { kind: 'note', note: { kind: 'run-started', service: name, run, cause } },
  ];
}

export function asReady({ run, cause, since, held }: Successor, now: number): Ready {
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

const HOWS: readonly RestartHow[] = ['swap', 'handoff', 'hard', 'release'];

export function more(one: RestartHow, other: RestartHow): RestartHow {
  return HOWS.indexOf(one) < HOWS.indexOf(other) ? other : one;
}

export function withAddress(addresses: readonly string[], address: string): string[] {
  return addresses.includes(address) ? [...addresses] : [...addresses, address];
}

/** `3000/::`: 3000. */
export function portOf(address: string): string {
  return address.slice(0, address.indexOf('/'));
}

export function otherAddress({ service, successor }: Swapping): HandoffReason {
  return { kind: 'address', before: [...service.sockets], now: successor.gated };
}

export function withSuccessor({ service, state }: Swapping, successor: Successor): Swapping {
  const next = { ...state, successor };
  return { service: { ...service, state: next }, state: next, successor };
}

export function inPhase(it: Swapping, phase: Successor['phase'], until: number, effects: Effect[]): Result {
  const { service, state } = it;
  const next = enter(service, { ...state, successor: { ...it.successor, phase } }, {});
  const timer: Effect = { kind: 'timer', service: service.spec.name, at: until, epoch: next.epoch };
  return { service: next, effects: [...effects, timer] };
}
