/** One service: what an event makes of its state, and what is to be done. Pure. */
import { edit, restart, wantDown, wantUp } from './asks.ts';
import type { ServiceEvent } from './events.ts';
import { ignore, type Result, unreachable } from './moves.ts';
import { cannotStart, exited, gone, ready, timer } from './news.ts';
import type { Service } from './state.ts';

export function transition(service: Service, event: ServiceEvent, now: number): Result {
  switch (event.kind) {
    case 'want-up':
      return wantUp(service, event.cause);
    case 'want-down':
      return wantDown(service, event.cause, now);
    case 'restart':
      return restart(service, event.cause);
    case 'edit':
      return edit(service, {
        kind: 'edit',
        files: event.files,
        ...(event.via && { via: event.via }),
      });
    case 'ready':
      return ready(service, event.run, now);
    case 'exited':
      return exited(service, event.run, event.exit, event.portTaken, now);
    case 'gone':
      return gone(service, event.run);
    case 'cannot-start':
      return cannotStart(service, event.run, event.reason);
    case 'timer':
      return event.epoch === service.epoch ? timer(service, now) : ignore(service);
    default:
      return unreachable(event);
  }
}
