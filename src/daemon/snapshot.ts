/** Writing down what the daemon knows. */
import { mask, maskAll } from '../contract/mask.ts';
import type { ServiceSnapshot, Snapshot } from '../contract/snapshot.ts';
import { SNAPSHOT_VERSION } from '../contract/version.ts';
import { liveRun, type Service, type World } from '../supervisor/state.ts';
import { blockers } from '../supervisor/world.ts';
import type { Clock } from './clock.ts';
import type { ConfigWatch } from './config-watch.ts';
import type { Edits } from './edits.ts';
import type { Engine } from './engine.ts';
import type { ServiceRuntime } from './service-runtime.ts';

const REMOVED = 'is no longer in the configuration; "upkeep start" applies that, and stops it';

export function takeSnapshot(
  engine: Engine,
  edits: Pick<Edits, 'watching' | 'notes'>,
  daemon: Snapshot['daemon'],
  boot: string,
  notes: string[],
  written: Pick<ConfigWatch, 'outdated' | 'removed'>,
  clock: Clock,
): Snapshot {
  const outdated = written.outdated();
  const removed = written.removed();
  return {
    version: SNAPSHOT_VERSION,
    boot,
    daemon,
    written: { now: clock.now(), wall: clock.wall() },
    notes,
    services: [...engine.services].map(([name, service]) =>
      ofService(service, engine.runtime(name), engine.services, edits, {
        isOutdated: outdated.has(name),
        isRemoved: removed.has(name),
      }),
    ),
  };
}

function ofService(
  service: Service,
  runtime: ServiceRuntime,
  world: World,
  edits: Pick<Edits, 'watching' | 'notes'>,
  { isOutdated, isRemoved }: { isOutdated: boolean; isRemoved: boolean },
): ServiceSnapshot {
  const { spec, state } = service;
  const run = liveRun(service);
  const live = run !== null;
  const current = live ? runtime.recordOf(run) : null;
  return {
    name: spec.name,
    description: mask(spec.description),
    groups: spec.groups,
    ports: spec.ports,
    url: spec.url === null ? null : mask(spec.url),
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
    configChanged: live && !isRemoved && (isOutdated || runtime.configChanged),
    mode: service.mode,
    modeReason: service.modeReason,
    watching: edits.watching(spec.name),
    notes: maskAll([
      ...(isRemoved ? [REMOVED] : []),
      ...notesOf(service, runtime),
      ...edits.notes(spec.name),
    ]),
  };
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
