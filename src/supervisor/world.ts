/**
 * All services together: an event goes to one of them, and then everything is brought in line with
 * what is wanted: what waits for nothing more starts, what nothing needs any longer stops.
 * Order is not a plan that is carried out but a condition that is looked at again after every event,
 * so a daemon that was killed half-way goes on from whatever it finds.
 */

import type { Dependency } from '../contract/config.ts';
import { isSuccess } from '../contract/exit.ts';
import type { Effect, ServiceEvent } from './events.ts';
import { launch, type Result } from './moves.ts';
import { liveRun, type Service, type World } from './state.ts';
import { beginStop } from './stop.ts';
import { beginSwap } from './swap.ts';
import { swapping, swaps } from './swapping.ts';
import { transition } from './transition.ts';

export interface WorldStep {
  world: World;
  effects: Effect[];
}

export interface Happening {
  service: string;
  event: ServiceEvent;
}

/** Several happenings at once: the order of starts and stops is looked for only when all have been taken in. */
export function step(world: World, happenings: Happening[], now: number): WorldStep {
  const effects: Effect[] = [];
  const next = new Map(world);
  // Whether a run that was on trial may be kept depends on what else the burst has changed.
  const open = [...happenings].sort((one, other) => Number(isPassed(one)) - Number(isPassed(other)));
  for (let each = open.shift(); each !== undefined; each = open.shift()) {
    const before = next.get(each.service);
    const event = before === undefined ? null : inItsPlace(next, before, each.event);
    if (before === undefined || event === null) continue;
    const result = transition(before, event, now);
    next.set(each.service, result.service);
    effects.push(...result.effects);
    if (becameReadyAgain(before, result.service)) open.push(...restartsOfDependents(next, each.service));
  }
  const settled = reconcile(next, now);
  return { world: settled.world, effects: [...effects, ...settled.effects] };
}

function isPassed({ event }: Happening): boolean {
  return event.kind === 'trial-passed';
}

/** Who has to wait for a dependency begins nothing early (null), and what has begun without it is begun anew. */
function inItsPlace(world: World, service: Service, event: ServiceEvent): ServiceEvent | null {
  if (event.kind !== 'trial' && event.kind !== 'trial-passed') return event;
  if (blockers(world, service).length === 0 && !isAfterOne(world, service, isRenewed)) return event;
  if (event.kind === 'trial') return null;
  const { files, via } = event;
  return { kind: 'edit', files, ...(via && { via }) };
}

/** Starts and stops whatever may start and must stop now. */
export function reconcile(world: World, now: number): WorldStep {
  let current = world;
  const effects: Effect[] = [];
  for (let changed = true; changed; ) {
    changed = false;
    for (const [name, service] of current) {
      const result = nextMove(current, service, now);
      if (result === null) continue;
      current = new Map(current).set(name, result.service);
      effects.push(...result.effects);
      changed = true;
    }
  }
  return { world: current, effects };
}

function nextMove(world: World, service: Service, now: number): Result | null {
  const { state } = service;
  if (state.kind === 'waiting') return mayLaunch(world, service) ? launch(service, state.cause, now) : null;
  if (state.kind !== 'starting' && state.kind !== 'ready') return null;
  if (service.wanted && waitsForSwap(world, service)) return null;
  if (service.restartAsked !== null && swaps(service))
    return blockers(world, service).length === 0 ? beginSwap(service, service.restartAsked, now) : null;
  if (!leaving(service) || dependentsAlive(world, service)) return null;
  const { restartAsked } = service;
  if (service.wanted && restartAsked !== null) return beginStop(service, restartAsked, restartAsked, now);
  return beginStop(service, service.stopAsked ?? { kind: 'stop', by: 'daemon' }, null, now);
}

/** Beside runs that are about to end only what has been seen to stand that. */
function mayLaunch(world: World, service: Service): boolean {
  const { mode, restartHow, retiring } = service;
  const isAlone = mode !== 'swap' || restartHow !== 'swap';
  return !(isAlone && retiring.length > 0) && blockers(world, service).length === 0;
}

/** Its run is to end before anything else. */
function leaving(service: Service): boolean {
  return !service.wanted || (service.restartAsked !== null && !swaps(service));
}

/** The services that a waiting one waits for. */
export function blockers(world: World, service: Service): string[] {
  return service.spec.dependsOn
    .filter((dependency) => {
      const other = world.get(dependency.service);
      return other !== undefined && !isMet(other, dependency);
    })
    .map((dependency) => dependency.service);
}

/** What depends on a service that is swapped restarts after it, as it would if both were stopped. */
function waitsForSwap(world: World, service: Service): boolean {
  const { restartAsked } = service;
  if (restartAsked === null) return false;
  // A person does not wait for somebody who saves and saves; an edit may be of the same burst.
  return isAfterOne(world, service, restartAsked.kind === 'edit' ? isRenewed : isToBeRenewed);
}

function isAfterOne(world: World, { spec }: Service, isIt: (other: Service) => boolean): boolean {
  return spec.dependsOn.some(({ service, condition }) => {
    const other = world.get(service);
    return condition !== 'completed' && other !== undefined && isIt(other);
  });
}

/** Its next run is on its way, on trial or not. */
function isRenewed(other: Service): boolean {
  return isToBeRenewed(other) || swapping(other) !== null;
}

/** Certainly: a run on trial may come to nothing. */
function isToBeRenewed(other: Service): boolean {
  if (swaps(other) && other.restartAsked !== null) return true;
  return swapping(other)?.successor.trial === false;
}

function isMet(other: Service, dependency: Dependency): boolean {
  const { state } = other;
  // A soft dependency is waited for only while it is on its way.
  if (!dependency.required && (!other.wanted || state.kind === 'crashed' || state.kind === 'exited'))
    return true;
  // What is about to stop is not there for a newcomer.
  if (leaving(other)) return false;
  switch (dependency.condition) {
    case 'started':
      return state.kind === 'starting' || state.kind === 'ready' || state.kind === 'exited';
    case 'ready':
      return state.kind === 'ready';
    case 'completed':
      return state.kind === 'exited' && isSuccess(state.exit);
  }
}

/** Whether something that depends on it, and is itself to stop, still runs. */
function dependentsAlive(world: World, service: Service): boolean {
  return [...world.values()].some(
    (other) =>
      other.spec.dependsOn.some((dependency) => dependency.service === service.spec.name) &&
      liveRun(other) !== null &&
      (leaving(other) || other.state.kind === 'stopping'),
  );
}

function becameReadyAgain(before: Service, after: Service): boolean {
  if (after.state.kind !== 'ready' || after.restarts === 0) return false;
  const { state } = before;
  return state.kind === 'starting' || (state.kind === 'ready' && state.run !== after.state.run);
}

function restartsOfDependents(world: World, name: string): Happening[] {
  return (
    [...world.values()]
      .filter((other) => other.wanted && liveRun(other) !== null && other.state.kind !== 'stopping')
      // Somebody asked for that already, and it has waited for this.
      .filter((other) => other.restartAsked === null)
      .filter((other) =>
        other.spec.dependsOn.some((dependency) => dependency.service === name && dependency.restart),
      )
      .map((other) => ({
        service: other.spec.name,
        event: { kind: 'restart', cause: { kind: 'dependency', service: name } },
      }))
  );
}
