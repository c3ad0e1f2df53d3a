/**
 * What an earlier daemon had begun and may not have finished: asked for again by the one that comes after it.
 * Each of these may be carried out twice. Pure.
 */
import type { ResolvedService } from '../contract/config.ts';
import type { Successor } from '../contract/service-state.ts';
import type { Effect } from './events.ts';
import { ATTACH_MS } from './failed-swap.ts';
import { liveRun, type Service } from './state.ts';
import { ADDRESSES_MS } from './swap.ts';

export function askAgain(service: Service, now: number): Effect[] {
  const { state, retiring, spec, epoch } = service;
  const { name, stop } = spec;
  const effects = retiring.map(({ run, how }): Effect => {
    if (how === 'drain') return { kind: 'retire', service: name, run, drain: stop.drain, grace: stop.grace };
    if (how === 'discard') return { kind: 'discard', service: name, run };
    return { kind: 'terminate', service: name, run, drain: 0 };
  });
  const run = liveRun(service);
  if (state.kind === 'stopping') {
    const drain = Math.max(0, Math.round(state.killAt - stop.grace - now));
    effects.push({ kind: 'terminate', service: name, run: state.run, drain });
    if (state.killed)
      for (const one of [...retiring.map((each) => each.run), state.run])
        effects.push({ kind: 'kill', service: name, run: one });
  } else if (run !== null && service.mode !== 'plain') {
    // It may have taken over from one that crashed, a moment before the daemon did.
    effects.push({ kind: 'approve', service: name, run });
  }
  if (state.kind === 'ready' && state.successor?.phase === 'attaching')
    effects.push({ kind: 'approve', service: name, run: state.successor.run });
  const at = timerOf(service, now);
  return at === null ? effects : [...effects, { kind: 'timer', service: name, at, epoch }];
}

/** When its state asks for a look; null: by itself it goes on for ever. A start has its whole time again. */
function timerOf({ state, spec }: Service, now: number): number | null {
  switch (state.kind) {
    case 'backoff':
      return state.until;
    case 'stopping':
      return state.killed ? null : state.killAt;
    case 'starting':
      return state.late === null ? now + spec.readyTimeout : null;
    case 'ready':
      return state.successor === null ? null : now + timeFor(state.successor, spec);
    default:
      return null;
  }
}

function timeFor({ phase, gated }: Successor, { readyTimeout }: ResolvedService): number {
  if (phase === 'attaching') return ATTACH_MS;
  return phase === 'ready' && gated.length > 0 ? ADDRESSES_MS : readyTimeout;
}
