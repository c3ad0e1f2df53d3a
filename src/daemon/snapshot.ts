/** Writing down what the daemon knows. */
import { mask, maskAll } from '../contract/mask.ts';
import type { ServiceSnapshot, Snapshot } from '../contract/snapshot.ts';
import { SNAPSHOT_VERSION } from '../contract/version.ts';
import { liveRun, type Service, type World } from '../supervisor/state.ts';
import { blockers } from '../supervisor/world.ts';
import { addressOf } from './address-of.ts';
import type { Clock } from './clock.ts';
import type { Edits } from './edits.ts';
import { endedNeeds } from './ended-needs.ts';
import type { Engine } from './engine.ts';
import type { ServiceRuntime } from './service-runtime.ts';

export function takeSnapshot(
  engine: Engine,
  edits: Pick<Edits, 'watching' | 'notes'>,
  daemon: Snapshot['daemon'],
  boot: string,
  notes: string[],
  outdated: Set<string>,
  clock: Clock,
): Snapshot {
  return {
    version: SNAPSHOT_VERSION,
    boot,
    daemon,
    written: { now: clock.now(), wall: clock.wall() },
    notes,
    services: [...engine.services].map(([name, service]) =>
      ofService(service, engine.runtime(name), engine.services, edits, outdated.has(name)),
    ),
  };
}

function ofService(
  service: Service,
  runtime: ServiceRuntime,
  world: World,
  edits: Pick<Edits, 'watching' | 'notes'>,
  outdated: boolean,
): ServiceSnapshot {
  const { spec, state } = service;
  const run = liveRun(service);
  const live = run !== null;
  const current = live ? runtime.recordOf(run) : null;
  return {
    name: spec.name,
    description: mask(spec.description),
    groups: spec.groups,
    // Where it listens, whatever the configuration says by now.
    ...(current?.address ?? addressOf(spec)),
    wanted: service.wanted,
    state,
    restartAsked: service.restartAsked,
    restartHow: service.restartHow,
    retiring: [...service.retiring],
    sockets: [...service.sockets],
    stopAsked: service.stopAsked,
    failures: [...service.failures],
    attempt: service.attempt,
    lastRun: service.lastRun,
    lastExit: service.lastExit,
    lastCause: service.lastCause,
    restarts: service.restarts,
    process: current?.process ?? null,
    shim: live ? runtime.shim : null,
    standby: live ? runtime.standby : null,
    startedAt: current?.startedAt ?? null,
    listening: live ? runtime.listeningOf(run) : null,
    waitingFor: waits(service) ? blockers(world, service) : [],
    configChanged: live && (outdated || runtime.configChanged),
    mode: service.mode,
    modeReason: service.modeReason,
    elsewhere: elsewhere(service, runtime),
    watching: edits.watching(spec.name),
    notes: maskAll([
      ...notesOf(service, runtime),
      ...(waits(service) ? endedNeeds(world, service) : []),
      ...edits.notes(spec.name),
    ]),
  };
}

/** Why nothing is held for it, though its mode says so: it has not come to its port, where it is ready by another sign. */
function elsewhere({ mode, state }: Service, runtime: ServiceRuntime): string | null {
  if (mode === 'plain' || state.kind !== 'ready' || state.held.length > 0) return null;
  return runtime.elsewhere(state.run);
}

function notesOf(service: Service, runtime: ServiceRuntime): string[] {
  const { state } = service;
  const late = state.kind === 'starting' && state.late !== null ? [`${state.late}: ${runtime.detail}`] : [];
  return [...late, ...runtime.notes];
}

/** For its first start, or for a restart beside the run that serves. */
function waits({ state, restartAsked }: Service): boolean {
  return state.kind === 'waiting' || (state.kind === 'ready' && restartAsked !== null);
}
