/** What a command came to for one service, and what is shown of it until then. Pure but for its inputs. */

import { duration } from '../contract/duration.ts';
import { isSuccess } from '../contract/exit.ts';
import type { Exit, ParkReason, StateName } from '../contract/facts.ts';
import type { Outcome, Progress } from '../contract/protocol.ts';
import type { Successor } from '../contract/service-state.ts';
import { describeExit, describeReason } from '../contract/words.ts';
import { liveRun, type Service, type World } from '../supervisor/state.ts';
import { blockers } from '../supervisor/world.ts';
import { named } from './ended-needs.ts';
import { UNFIT } from './seamless/unfit.ts';

export interface Shown {
  detail: string;
  pid: number | null;
  /** Masked. */
  url: string | null;
  /** It was so before the command. */
  already: boolean;
}

export function stateName(service: Service): StateName {
  return service.state.kind === 'waiting' ? 'starting' : service.state.kind;
}

export function progressOf(
  world: World,
  service: Service,
  shown: Shown,
  elapsed: number,
  now: number,
  lastLines: string[] = [],
): Progress {
  const { state } = service;
  const successor = successorOf(service);
  return {
    service: service.spec.name,
    // The old run serves on, but it is the new one that is waited for.
    state: successor === null ? stateName(service) : 'starting',
    run: successor?.run ?? liveRun(service),
    pid: shown.pid,
    elapsed: Math.round(elapsed),
    detail: detailOf(world, service, shown),
    killIn: state.kind === 'stopping' && !state.killed ? Math.max(0, Math.round(state.killAt - now)) : null,
    exit: service.lastExit,
    reason: reasonOf(service),
    ...(state.kind === 'backoff' && { lastLines }),
  };
}

/** The run that is to take over; one that is only on trial is not. */
function successorOf({ state }: Service): Successor | null {
  return state.kind === 'ready' && state.successor?.trial === false ? state.successor : null;
}

/** What failed so often, or has its next try so far away (ms), is not waited for any longer; it is tried again all the same. */
const TRIES = 2;
const LONGEST_PAUSE = 3_000;

/**
 * Null while the service is still on its way to being up. `since`: when the command began, as of the world's clock.
 * `patient`: what failed is waited for as long as it is tried again.
 */
export function startOutcome(
  world: World,
  service: Service,
  since: number,
  patient = false,
): { ok: boolean; message: string | null } | null {
  const { state, spec } = service;
  switch (state.kind) {
    case 'ready':
      // It serves on, and what it is to be restarted beside may never come.
      if (service.restartAsked !== null) return waitsInVain(world, service, patient);
      if (successorOf(service) !== null) return null;
      return state.failedEdit !== null && state.failedEdit.at >= since
        ? { ok: false, message: `${state.failedEdit.message}; run ${state.run} goes on` }
        : { ok: true, message: null };
    case 'exited':
      return isSuccess(state.exit)
        ? { ok: true, message: null }
        : {
            ok: false,
            message: `ended with ${describeExit(state.exit)}; its restart policy is "${spec.restart.policy}"`,
          };
    case 'crashed':
      return { ok: false, message: describeReason(state.reason, service.lastExit) };
    case 'starting':
      return state.late === null ? null : { ok: false, message: state.late };
    case 'waiting':
      return waitsInVain(world, service, patient);
    case 'stopped':
      return { ok: false, message: 'was stopped by another command' };
    case 'stopping':
      return service.wanted ? null : { ok: false, message: 'was stopped by another command' };
    case 'backoff':
      return patient || !keepsFailing(service, state.delay)
        ? null
        : {
            ok: false,
            message: `${failedWords(service, state.exit)}, and is ${again(service, state.delay)}`,
          };
  }
}

function waitsInVain(
  world: World,
  service: Service,
  patient: boolean,
): { ok: false; message: string } | null {
  const dead = blockers(world, service).filter((name) => willNotCome(world, name, patient));
  return dead.length === 0
    ? null
    : { ok: false, message: `waits for ${dead.map((name) => named(world, name)).join(', ')}` };
}

/** A single crash at boot is no failure yet: the next try may be up in a moment. */
function keepsFailing({ attempt, failures }: Service, delay: number): boolean {
  // `failures` forgets what left the window, `attempt` does not; a command clears both.
  return Math.max(attempt, failures.length) >= TRIES || delay > LONGEST_PAUSE;
}

function failedWords({ attempt, failures }: Service, exit: Exit): string {
  const count = Math.max(attempt, failures.length);
  return count < TRIES
    ? `ended with ${describeExit(exit)}`
    : `failed ${count} times, last with ${describeExit(exit)}`;
}

function again({ failures, spec }: Service, delay: number): string {
  return `tried again in ${duration(delay)} (failure ${failures.length} of ${spec.restart.maxFailures})`;
}

/** What `wait` waits for. `patient`: a run that failed is tried again, and that is waited for. */
export function waitOutcome(
  world: World,
  service: Service,
  patient: boolean,
): { ok: boolean; message: string | null } | null {
  const { state, spec } = service;
  if (state.kind === 'stopped')
    return { ok: false, message: `is stopped: "upkeep start ${spec.name}" starts it` };
  if (state.kind === 'backoff' && !patient)
    return { ok: false, message: `ended with ${describeExit(state.exit)} and is tried again` };
  return startOutcome(world, service, Number.NEGATIVE_INFINITY, patient);
}

/** Null while something of the service still runs. */
export function stopOutcome(service: Service): { ok: boolean; message: string | null } | null {
  if (service.wanted) return { ok: false, message: 'was started by another command' };
  return liveRun(service) === null ? { ok: true, message: null } : null;
}

export function outcome(
  service: Service,
  verdict: { ok: boolean; message: string | null },
  shown: Shown,
  took: number,
  lastLines: string[],
): Outcome {
  const message =
    verdict.message !== null && shown.detail !== '' ? `${verdict.message}: ${shown.detail}` : verdict.message;
  const reason = reasonOf(service);
  return {
    service: service.spec.name,
    ok: verdict.ok,
    state: stateName(service),
    url: shown.url,
    pid: shown.pid,
    already: shown.already,
    took: Math.round(took),
    message,
    ...(reason !== null && { reason }),
    lastLines: verdict.ok ? [] : lastLines,
  };
}

function detailOf(world: World, service: Service, shown: Shown): string {
  const { state } = service;
  if (state.kind === 'ready' && service.restartAsked !== null && blockers(world, service).length > 0)
    return `its restart waits for ${listNames(blockers(world, service))}`;
  switch (state.kind) {
    case 'waiting':
      return `waiting for ${listNames(blockers(world, service))}`;
    case 'backoff':
      return `${describeExit(state.exit)}, ${again(service, state.delay)}${newMode(service)}`;
    case 'crashed':
      return describeReason(state.reason, service.lastExit);
    case 'exited':
      return describeExit(state.exit);
    case 'stopping':
      return state.killed
        ? 'killed, waiting for its processes to be gone'
        : `asked to end by ${service.spec.stop.signal}`;
    default:
      return shown.detail;
  }
}

function newMode({ modeReason }: Service): string {
  return modeReason === UNFIT ? `, now in mode plain: ${UNFIT}` : '';
}

const NAMES_SHOWN = 3;

function listNames(names: string[]): string {
  const more = names.length - NAMES_SHOWN;
  return more <= 1 ? names.join(', ') : `${names.slice(0, NAMES_SHOWN).join(', ')} and ${more} more`;
}

function reasonOf(service: Service): ParkReason | null {
  return service.state.kind === 'crashed' ? service.state.reason : null;
}

/** A dependency that will not come by itself, or not soon: parked, ended, late, failing, or waiting for such a one. */
function willNotCome(world: World, name: string, patient: boolean): boolean {
  const service = world.get(name);
  if (service === undefined) return true;
  const { state } = service;
  if (state.kind === 'waiting')
    return blockers(world, service).some((each) => willNotCome(world, each, patient));
  return (
    state.kind === 'crashed' ||
    state.kind === 'exited' ||
    state.kind === 'stopped' ||
    (state.kind === 'backoff' && !patient && keepsFailing(service, state.delay)) ||
    (state.kind === 'starting' && state.late !== null)
  );
}
