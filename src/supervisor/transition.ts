/** One service: what an event makes of its state, and what is to be done. Pure. */
import type { Cause } from '../contract/facts.ts';
import { edit, hopelessEdit, restart, wantDown, wantUp } from './asks.ts';
import type { ServiceEvent } from './events.ts';
import { ignore, type Result, unreachable } from './moves.ts';
import { cannotStart, drained, exited, gone, ready, timer } from './news.ts';
import { attached, gated, refused, unheld } from './sockets.ts';
import { isAtRest, type Service } from './state.ts';
import { trialPassed, trialStale, trialUndone, tryEdit } from './trial.ts';

export function transition(service: Service, event: ServiceEvent, now: number): Result {
  const result = afterEvent(service, event, now);
  return isAtRest(result.service) ? { ...result, service: letGo(result.service) } : result;
}

/** With its last run the held sockets are closed. */
function letGo(service: Service): Service {
  if (service.sockets.length === 0 && service.restartHow === 'swap') return service;
  return { ...service, sockets: [], restartHow: 'swap' };
}

function afterEvent(service: Service, event: ServiceEvent, now: number): Result {
  switch (event.kind) {
    case 'want-up':
      return wantUp(service, event.cause);
    case 'want-down':
      return wantDown(service, event.cause, now);
    case 'restart':
      return restart(service, event.cause, event.hard ?? false);
    case 'edit':
      return event.hopeless === undefined
        ? edit(service, causeOf(event))
        : hopelessEdit(service, causeOf(event), event.hopeless, now);
    case 'trial':
      return tryEdit(service, { kind: 'edit', files: event.files }, now);
    case 'trial-stale':
      return trialStale(service, event.run);
    case 'trial-passed':
      return trialPassed(service, event.run, causeOf(event), now);
    case 'trial-undone':
      return trialUndone(service, event.run, { kind: 'edit', files: event.files });
    case 'ready':
      return ready(service, event.run, now);
    case 'exited':
      return exited(service, event, now);
    case 'drained':
      return drained(service, event);
    case 'gated':
      return gated(service, event.run, event.address, now);
    case 'attached':
      return attached(service, event.run, event.address, now);
    case 'refused':
      return refused(service, event.run, event.address);
    case 'unheld':
      return unheld(service, event.run, event.why);
    case 'gone':
      return gone(service, event.run);
    case 'cannot-start':
      return cannotStart(service, event.run, event.reason, now);
    case 'timer':
      return event.epoch === service.epoch ? timer(service, now) : ignore(service);
    default:
      return unreachable(event);
  }
}

function causeOf({ files, via }: { files: string[]; via?: string[] }): Cause {
  return { kind: 'edit', files, ...(via && { via }) };
}
