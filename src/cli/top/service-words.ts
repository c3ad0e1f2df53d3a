/** A service's state in a word and a sign, and what a person has to know beyond it. Pure. */
import { age, duration } from '../../contract/duration.ts';
import type { ServiceStatus } from '../../contract/status.ts';
import { describeCause, describeExit, describeReason, UNPARK } from '../../contract/words.ts';
import type { Style } from './style.ts';

type Look = 'ready' | 'failed' | 'moving' | 'down' | 'stopped';

export interface State {
  look: Look;
  word: string;
}

/** `now`: epoch ms. */
export function stateOf(service: ServiceStatus, now: number): State {
  const { state, ready, editFailed, waitingFor, retryAt, exit } = service;
  switch (state) {
    case 'ready':
      if (!ready) return { look: 'down', word: 'no answer' };
      return editFailed === null ? { look: 'ready', word: 'ready' } : { look: 'failed', word: 'edit failed' };
    case 'starting':
      return { look: 'moving', word: waitingFor.length > 0 ? 'waiting' : 'starting' };
    case 'stopping':
      return { look: 'moving', word: 'stopping' };
    case 'backoff':
      return { look: 'down', word: retryAt === null ? 'retry' : `retry ${secondsUntil(retryAt, now)} s` };
    case 'crashed':
      return { look: 'down', word: 'parked' };
    case 'exited':
      return { look: 'stopped', word: exit === null ? 'exited' : describeExit(exit) };
    case 'stopped':
      return { look: 'stopped', word: 'stopped' };
  }
}

function secondsUntil(iso: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(iso) - now) / 1000));
}

export function painted(look: Look, text: string, { colours }: Style): string {
  switch (look) {
    case 'ready':
      return colours.green(text);
    case 'failed':
    case 'moving':
      return colours.yellow(text);
    case 'down':
      return colours.red(text);
    case 'stopped':
      return colours.dim(text);
  }
}

/** Facts, the most wanted first. */
export function factsOf(service: ServiceStatus, now: number): string[] {
  const { run, pid, url, startedAt, restarts } = service;
  const facts = [
    run === null ? null : `run ${run}`,
    startedAt === null ? null : `up ${age(now - Date.parse(startedAt))}`,
    url,
    pid === null ? null : `pid ${pid}`,
    restarts === 0 ? null : `${restarts} restart${restarts === 1 ? '' : 's'}`,
  ];
  return facts.filter((fact) => fact !== null);
}

/** The most important thing about it, in one line; `bad`: a person should act. */
export function remarkOf(service: ServiceStatus, now: number): { text: string; bad: boolean } {
  const { reason, exit, editFailed, retryAt, state, successor, waitingFor, cause, notes } = service;
  if (reason !== null) return { text: `parked: ${describeReason(reason, exit)}; ${UNPARK}`, bad: true };
  if (state === 'backoff' && retryAt !== null) {
    const left = duration(Math.max(0, secondsUntil(retryAt, now) * 1000));
    return { text: `${exit === null ? 'it ended' : describeExit(exit)}; next try in ${left}`, bad: true };
  }
  if (editFailed !== null)
    return {
      text: `${describeCause(editFailed.cause)}: run ${editFailed.run} ${editFailed.message}; run ${service.run} goes on`,
      bad: true,
    };
  if (successor !== null)
    return {
      text: `run ${successor.run} (${describeCause(successor.cause)}) is about to take over`,
      bad: false,
    };
  if (waitingFor.length > 0) return { text: `waits for ${waitingFor.join(', ')}`, bad: false };
  if (service.configChanged)
    return { text: 'runs with an older configuration; r applies the new one', bad: true };
  const [note] = notes;
  if (note !== undefined) return { text: note, bad: true };
  const last = cause === null ? 'never started' : `last cause: ${describeCause(cause)}`;
  return { text: last, bad: false };
}
