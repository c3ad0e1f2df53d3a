/** The commands: each tells the world what is wanted, and returns when it is true or will not become so. */
import type { ResolvedConfig } from '../contract/config.ts';
import type { Outcome, Request } from '../contract/protocol.ts';
import { withRequired } from '../contract/required.ts';
import { selectServices } from '../contract/select.ts';
import type { ServiceEvent } from '../supervisor/events.ts';
import { liveRun, liveRuns, type Service } from '../supervisor/state.ts';
import type { Clock } from './clock.ts';
import type { Engine } from './engine.ts';
import { startOutcome, stopOutcome } from './outcome.ts';
import { handedOver, type Send, settle } from './settle.ts';

type Start = Extract<Request, { method: 'start' | 'restart' }>;
type Stop = Extract<Request, { method: 'stop' }>;

export interface CommandWorld {
  engine: Engine;
  clock: Clock;
  /** A configuration was taken over. */
  onConfig(config: ResolvedConfig): void;
  /** See `Edits.settle`. */
  caughtUp(files: readonly string[]): Promise<Set<string>>;
  /** See `Edits.putOff`. */
  putOff(service: string, files: readonly string[]): string[];
}

export async function start(
  request: Start,
  world: CommandWorld,
  send: Send,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const { engine } = world;
  const chosen = selectServices(request.names, request.config.services);
  const changed = apply(request.config, world);
  const all = withRequired(chosen, request.config.services);
  engine.prepare(all);
  const already = all.filter((name) => isReady(engine.services.get(name)));
  const began = world.clock.now();
  engine.dispatchAll(
    all.map((name) => ({ service: name, event: startEvent(name, request, chosen, changed, engine) })),
  );
  engine.flush();
  if (!request.wait) return [];
  const settling = {
    names: all,
    already: request.method === 'start' ? already : [],
    verdictOf: (service: Service) => startOutcome(engine.services, service, began),
  };
  const outcomes = await settle(settling, world, send, signal);
  await handedOver(outcomes, engine);
  return outcomes;
}

export async function stop(
  request: Stop,
  world: CommandWorld,
  send: Send,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const { engine } = world;
  const services = [...engine.services.values()].map((service) => service.spec);
  const names = selectServices(request.names, services);
  const already = names.filter((name) => isDown(engine.services.get(name)));
  const event: ServiceEvent = { kind: 'want-down', cause: { kind: 'stop', by: request.by } };
  engine.dispatchAll(names.map((service) => ({ service, event })));
  engine.flush();
  if (!request.wait) return [];
  const outcomes = await settle({ names, already, verdictOf: stopOutcome }, world, send, signal);
  // Stopped means that another program can have its port.
  await engine.released(names);
  return outcomes;
}

/** Resolves when nothing runs any more that is not wanted; whether whoever asked for that waits for it or not. */
export function carriedOut({ engine }: CommandWorld): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if ([...engine.services.values()].some((each) => !each.wanted && liveRuns(each).length > 0)) return;
      undo();
      resolve();
    };
    const undo = engine.onChange(look);
    look();
  });
}

/** Nothing is wanted and nothing runs: the daemon has nothing to do. */
export function isIdle(engine: Engine): boolean {
  return [...engine.services.values()].every((service) => !service.wanted && liveRuns(service).length === 0);
}

/** Takes the configuration over; returns the running services that have an older one. */
function apply(config: ResolvedConfig, { engine, onConfig }: CommandWorld): string[] {
  engine.configure(config);
  onConfig(config);
  return config.services.map(({ name }) => name).filter((name) => engine.runtime(name).configChanged);
}

function startEvent(
  name: string,
  request: Start,
  chosen: string[],
  changed: string[],
  engine: Engine,
): ServiceEvent {
  if (!chosen.includes(name)) {
    const needing = request.config.services.find((each) =>
      each.dependsOn.some((on) => on.required && on.service === name),
    );
    return { kind: 'want-up', cause: { kind: 'dependency', service: needing?.name ?? '' } };
  }
  if (request.method === 'restart')
    return { kind: 'restart', cause: { kind: 'restart', by: request.by }, hard: request.hard === true };
  const service = engine.services.get(name);
  const isUp = service !== undefined && liveRun(service) !== null;
  if (isUp && changed.includes(name)) return { kind: 'restart', cause: { kind: 'config' } };
  return { kind: 'want-up', cause: { kind: 'start', by: request.by } };
}

function isReady(service: Service | undefined): boolean {
  return service?.state.kind === 'ready' && service.restartAsked === null;
}

function isDown(service: Service | undefined): boolean {
  return service?.state.kind === 'stopped' && !service.wanted;
}
