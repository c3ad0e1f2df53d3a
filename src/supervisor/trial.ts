/**
 * An edit that may be the first of several: its run is begun beside the current one at once, on trial, so that its
 * boot and the quiet period pass together. It takes over when the burst is over, or is set aside.
 *
 *   trial ──► successor on trial ──► trial-passed ──► successor as any other
 *                 │    │  trial-undone, trial-stale: set aside
 *                 │    └──────────────────────────────────────► as if nothing had been
 *                 └─ it fails: nothing is said, since a file may have been half saved; what passed is edited
 *
 * Nobody is told of a run before it has passed. Pure.
 */
import type { Cause } from '../contract/facts.ts';
import type { Retiring } from '../contract/service-state.ts';
import { edit } from './asks.ts';
import { FRESH, ignore, type Result } from './moves.ts';
import { liveRun, type Service } from './state.ts';
import { dropSuccessor } from './stop.ts';
import { advance, beginSwap } from './swap.ts';
import { swapping, swaps, toldOf, withSuccessor } from './swapping.ts';

/** Only where the current run goes on meanwhile, and nothing else is on its way. */
export function tryEdit(service: Service, cause: Cause, now: number): Result {
  const isFree = swaps(service) && swapping(service) === null && service.restartAsked === null;
  return (isFree ? beginSwap(service, cause, now, true) : null) ?? ignore(service);
}

export function trialStale(service: Service, run: number): Result {
  const it = swapping(service);
  return isOnTrial(service, run) && it !== null
    ? dropSuccessor(service, it.successor.cause)
    : ignore(service);
}

export function trialPassed(service: Service, run: number, cause: Cause, now: number): Result {
  const it = swapping(service);
  if (isOnTrial(service, run) && it !== null) {
    const kept = withSuccessor(
      { ...it, service: { ...service, ...FRESH } },
      { ...it.successor, cause, trial: false },
    );
    const told = toldOf(kept.service, kept.successor);
    if (it.successor.phase !== 'ready') return { service: kept.service, effects: told };
    const { service: next, effects } = advance(kept, now);
    return { service: next, effects: [...told, ...effects] };
  }
  // The current run ended, and this one came in its place; or a later run loads what is there now.
  if (liveRun(service) === run || service.lastRun > run) return ignore(service);
  return edit(service, cause);
}

export function trialUndone(service: Service, run: number, cause: Cause): Result {
  if (isOnTrial(service, run)) return trialStale(service, run);
  return liveRun(service) === run ? edit(service, cause) : ignore(service);
}

/** A daemon that comes back does not know what has changed since: it finds the edit by itself, and tries again. */
export function withoutTrial(service: Service): Service {
  const { state } = service;
  if (state.kind !== 'ready' || state.successor?.trial !== true) return service;
  const { run, since, cause } = state.successor;
  const aside: Retiring = { run, since, end: cause, how: 'discard', untold: true };
  return { ...service, state: { ...state, successor: null }, retiring: [...service.retiring, aside] };
}

function isOnTrial(service: Service, run: number): boolean {
  const successor = swapping(service)?.successor;
  return successor?.run === run && successor.trial;
}
