/** What runs tell of the sockets that are held for them. Pure. */
import type { HandoffReason } from '../contract/journal.ts';
import type { ServiceState } from '../contract/service-state.ts';
import { standAside } from './failed-swap.ts';
import { ignore, type Result, settle } from './moves.ts';
import { liveRuns, type Service } from './state.ts';
import { successorAttached, successorGated } from './swap.ts';
import { more, swapping, withAddress } from './swapping.ts';

type Serving = Extract<ServiceState, { kind: 'starting' | 'ready' }>;

export function gated(service: Service, run: number, address: string, now: number): Result {
  const it = swapping(service);
  if (it?.successor.run !== run) {
    // The run before it ended just when it came to its gate: it is told again that it may go on.
    if (serving(service, run) === null) return ignore(service);
    return { service, effects: [{ kind: 'approve', service: service.spec.name, run }] };
  }
  if (it.successor.gated.includes(address)) return ignore(service);
  return successorGated(it, address, now);
}

export function attached(service: Service, run: number, address: string, now: number): Result {
  if (!liveRuns(service).includes(run)) return ignore(service);
  const listened = service.sockets.includes(address)
    ? service
    : { ...service, sockets: [...service.sockets, address] };
  const it = swapping(listened);
  if (it?.successor.run === run) {
    return it.successor.held.includes(address) ? ignore(service) : successorAttached(it, address, now);
  }
  const state = serving(listened, run);
  if (state === null || state.held.includes(address)) return settle(listened);
  return settle({ ...listened, state: { ...state, held: withAddress(state.held, address) } });
}

export function refused(service: Service, run: number, address: string): Result {
  const why: HandoffReason = { kind: 'address', before: [...service.sockets], now: [address] };
  const it = swapping(service);
  if (it?.successor.run === run) return standAside(it, why, 'release');
  return serving(service, run) === null ? ignore(service) : releaseStale(service, run, why);
}

export function unheld(service: Service, run: number, why: string): Result {
  const it = swapping(service);
  if (it?.successor.run === run) return standAside(it, { kind: 'unheld', why }, 'release');
  const state = serving(service, run);
  if (state === null || state.unheld === why) return ignore(service);
  return releaseStale({ ...service, state: { ...state, unheld: why } }, run, { kind: 'unheld', why });
}

/**
 * Addresses on which earlier runs have listened and this one does not are in its way, or take connections
 * that nobody will answer. Those that it listens on itself are not: so letting go of them never goes on for ever.
 */
export function staleSockets({ state, sockets }: Service): string[] {
  const held = 'held' in state ? state.held : [];
  return sockets.filter((address) => !held.includes(address));
}

function releaseStale(service: Service, run: number, why: HandoffReason): Result {
  const { state, wanted, restartAsked, restartHow } = service;
  const isAsked = restartAsked !== null && restartHow === 'release';
  if (!wanted || isAsked || staleSockets(service).length === 0 || !('cause' in state)) return settle(service);
  return {
    service: {
      ...service,
      restartAsked: restartAsked ?? state.cause,
      restartHow: more(restartHow, 'release'),
    },
    effects: [{ kind: 'note', note: { kind: 'handed-off', service: service.spec.name, run, why } }],
  };
}

/** Its state when this is its current run, and that is not told to stop. */
function serving({ state }: Service, run: number): Serving | null {
  return (state.kind === 'starting' || state.kind === 'ready') && state.run === run ? state : null;
}
