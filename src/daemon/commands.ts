/** The commands: each tells the world what is wanted, and returns when it is true or will not become so. */
import type { ResolvedConfig } from '../contract/config.ts';
import type { Outcome, Reply, Request } from '../contract/protocol.ts';
import { withRequired } from '../contract/required.ts';
import { selectServices } from '../contract/select.ts';
import type { ServiceEvent } from '../supervisor/events.ts';
import { liveRun, liveRuns, type Service } from '../supervisor/state.ts';
import { addressOf } from './address-of.ts';
import type { Clock } from './clock.ts';
import type { Engine } from './engine.ts';
import { outcome, progressOf, type Shown, startOutcome, stopOutcome, waitOutcome } from './outcome.ts';

type Start = Extract<Request, { method: 'start' | 'restart' }>;
type Stop = Extract<Request, { method: 'stop' }>;
type Wait = Extract<Request, { method: 'wait' }>;
type Send = (reply: Reply) => void;

const LAST_LINES = 30;
/** A run whose event loop is blocked does not say that it accepts nothing more; it does not accept either, ms. */
const HANDED_OVER_MS = 2_000;
/** What was so before is told in the same moment; later it is so again. */
const ALREADY_MS = 100;

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
  const verdict = (service: Service) => startOutcome(engine.services, service, began);
  const outcomes = await settle(all, request.method === 'start' ? already : [], verdict, world, send, signal);
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
  const outcomes = await settle(names, already, stopOutcome, world, send, signal);
  // Stopped means that another program can have its port.
  await engine.released(names);
  return outcomes;
}

/** Resolves when all that a stop names are down, or one of them is wanted again; whether anybody waits for it or not. */
export function carriedOut({ names }: Stop, { engine }: CommandWorld): Promise<void> {
  const known = [...engine.services.values()].map(({ spec }) => spec);
  const chosen = selectServices(names, known);
  return new Promise((resolve) => {
    const look = () => {
      const services = chosen.map((name) => engine.services.get(name)).filter((each) => each !== undefined);
      if (!services.every(isDown) && !services.some(({ wanted }) => wanted)) return;
      undo();
      resolve();
    };
    const undo = engine.onChange(look);
    look();
  });
}

/** With files: of the services that they concern. Without: of these, or of all that are wanted. */
export async function waitFor(
  { names, files }: Wait,
  world: CommandWorld,
  send: Send,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const { engine } = world;
  const isPatient = names.length > 0 && files.length === 0;
  const specs = [...engine.services.values()].map(({ spec }) => spec);
  const chosen = selectServices(names, specs).filter(
    (name) => isPatient || engine.services.get(name)?.wanted === true,
  );
  const verdict = (service: Service) => waitOutcome(engine.services, service, isPatient);
  const isAtRest = (name: string) => {
    const service = engine.services.get(name);
    return service !== undefined && verdict(service)?.ok === true;
  };
  const concerned = await world.caughtUp(files);
  // What a run loads that is on its way is known when it is ready.
  const followed =
    files.length === 0 ? chosen : chosen.filter((name) => concerned.has(name) || !isAtRest(name));
  const settled = await settle(followed, followed.filter(isAtRest), verdict, world, send, signal);
  await handedOver(settled, engine);
  const outcomes = settled.map((each) => withPutOff(each, world.putOff(each.service, files)));
  const isSure = files.length === 0 || followed.every((name) => concerned.has(name));
  if (isSure || signal.aborted) return outcomes;
  for (const name of await world.caughtUp(files)) concerned.add(name);
  return outcomes.filter(({ service }) => concerned.has(service));
}

/** It is ready, but not by this edit. */
function withPutOff(told: Outcome, files: readonly string[]): Outcome {
  if (!told.ok || files.length === 0) return told;
  const message = `is not restarted by ${files.join(', ')} yet: it seems to write that itself, so that is put off ("upkeep status" says for how long; "upkeep restart ${told.service}" does it now)`;
  return { ...told, ok: false, message };
}

/** Who asks one of them now is answered by the run that was waited for, and not by the one before it. */
async function handedOver(outcomes: readonly Outcome[], engine: Engine): Promise<void> {
  const known = outcomes.filter(({ service }) => engine.services.has(service));
  let late: NodeJS.Timeout | undefined;
  await Promise.race([
    Promise.all(known.map(({ service }) => engine.runtime(service).handedOver())),
    new Promise<void>((resolve) => {
      late = setTimeout(resolve, HANDED_OVER_MS);
    }),
  ]);
  clearTimeout(late);
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

/** Follows services until each has come to something; tells every change on the way. */
function settle(
  names: string[],
  already: string[],
  verdictOf: (service: Service) => { ok: boolean; message: string | null } | null,
  { engine, clock }: CommandWorld,
  send: Send,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const began = clock.now();
  const outcomes = new Map<string, Outcome>();
  const told = new Map<string, string>();
  return new Promise((resolve) => {
    const look = () => {
      for (const name of names) if (!outcomes.has(name)) lookAt(name);
      if (outcomes.size < names.length && !signal.aborted) return;
      undo();
      resolve(names.map((name) => outcomes.get(name)).filter((each) => each !== undefined));
    };
    const lookAt = (name: string) => {
      const service = engine.services.get(name);
      const elapsed = clock.now() - began;
      // Gone from the configuration, and now stopped: nothing is left to tell of it.
      if (service === undefined) return void outcomes.set(name, forgotten(name, elapsed));
      const shown = { ...shownOf(engine, service), already: already.includes(name) && elapsed < ALREADY_MS };
      const words = service.state.kind === 'backoff' ? lastWords(engine, service) : [];
      const progress = progressOf(engine.services, service, shown, elapsed, clock.now(), words);
      const key = JSON.stringify({ ...progress, elapsed: 0, killIn: 0 });
      if (told.get(name) !== key) send({ type: 'progress', progress });
      told.set(name, key);
      const verdict = verdictOf(service);
      if (verdict === null) return;
      const lines = verdict.ok ? [] : lastWords(engine, service);
      outcomes.set(name, outcome(service, verdict, shown, elapsed, lines));
    };
    const undo = engine.onChange(look);
    signal.addEventListener('abort', look, { once: true });
    look();
  });
}

/** Of its run that failed last. */
function lastWords(engine: Engine, { state, spec, lastRun }: Service): string[] {
  const failed = state.kind === 'ready' ? state.failedEdit?.run : undefined;
  return engine.runtime(spec.name).lastLines(failed ?? lastRun, LAST_LINES);
}

function isReady(service: Service | undefined): boolean {
  return service?.state.kind === 'ready' && service.restartAsked === null;
}

function isDown(service: Service | undefined): boolean {
  return service?.state.kind === 'stopped' && !service.wanted;
}

function shownOf(engine: Engine, service: Service): Omit<Shown, 'already'> {
  const runtime = engine.runtime(service.spec.name);
  const run = liveRun(service);
  if (run === null) return { detail: '', pid: null, url: addressOf(service.spec).url };
  const record = runtime.recordOf(run);
  const { url } = record?.address ?? addressOf(service.spec);
  return { detail: runtime.detail, pid: record?.process?.pid ?? null, url };
}

function forgotten(service: string, took: number): Outcome {
  return {
    service,
    ok: true,
    state: 'stopped',
    url: null,
    pid: null,
    already: false,
    took,
    message: null,
    lastLines: [],
  };
}
