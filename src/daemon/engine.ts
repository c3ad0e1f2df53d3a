/**
 * The daemon's middle: keeps the world of services, gives each event to the pure supervisor, and has
 * its effects carried out. Everything that is known is on disk before anybody is told.
 */

import { join } from 'node:path';
import type { ResolvedConfig, ResolvedService } from '../contract/config.ts';
import { recordedRuns } from '../process/run-folder.ts';
import { Shim } from '../process/shim.ts';
import { askAgain } from '../supervisor/again.ts';
import type { Effect, Note, ServiceEvent } from '../supervisor/events.ts';
import {
  isAtRest,
  liveRun,
  newService,
  reconfigured,
  type Service,
  type World,
} from '../supervisor/state.ts';
import { type Happening, step } from '../supervisor/world.ts';
import { configHash } from './config-hash.ts';
import type { DaemonWorld } from './daemon-world.ts';
import type { Journal } from './journal.ts';
import { chooseMode } from './seamless/mode.ts';
import { asPlain, fitted, UNFIT } from './seamless/unfit.ts';
import { ServiceRuntime } from './service-runtime.ts';
import { standbyWish } from './standby/wish.ts';

export interface EngineParts {
  world: DaemonWorld;
  journal: Journal;
  /** Called after every change, at most once a tick. False: it could not be written, and is to be tried again. */
  persist(engine: Engine): boolean;
}

/** How long a change may be in memory alone, in ms; the run folders hold what must not be lost. */
const PERSIST_MS = 20;
const PERSIST_AGAIN_MS = 1_000;

export class Engine {
  readonly #parts: EngineParts;
  readonly #runtimes = new Map<string, ServiceRuntime>();
  readonly #timers = new Map<string, { timer: NodeJS.Timeout; epoch: number }>();
  readonly #listeners = new Set<() => void>();
  readonly #queue: (() => void)[] = [];
  #services: World = new Map();
  #busy = false;
  #dirty = false;
  #persisting: NodeJS.Timeout | null = null;
  #config: ResolvedConfig;

  constructor(config: ResolvedConfig, parts: EngineParts) {
    this.#config = config;
    this.#parts = parts;
  }

  get config(): ResolvedConfig {
    return this.#config;
  }

  get services(): World {
    return this.#services;
  }

  runtime(name: string): ServiceRuntime {
    const runtime = this.#runtimes.get(name);
    if (runtime === undefined) throw new Error(`no runtime for ${name}`);
    return runtime;
  }

  /** Puts services in place as an earlier daemon left them, before any event. */
  restore(services: Service[]): void {
    this.#services = new Map(services.map((service) => [service.spec.name, service]));
    for (const service of services) {
      this.#createRuntime(service.spec);
    }
  }

  /** Takes a configuration over. Services that are no longer in it are stopped and then forgotten. */
  configure(config: ResolvedConfig): void {
    this.#config = config;
    const next = new Map(this.#services);
    for (const spec of config.services) {
      const service = next.get(spec.name);
      if (service === undefined) {
        next.set(spec.name, this.#newcomer(spec));
        this.#createRuntime(spec);
        continue;
      }
      const before = { reason: service.modeReason, hash: configHash(service.spec) };
      const fit = fitted(spec, before);
      next.set(spec.name, reconfigured(service, fit.spec, fit.mode, fit.why));
      this.runtime(spec.name).configure(fit.spec, config.logDir);
    }
    this.#services = next;
    this.keepStandbys();
    const event: ServiceEvent = { kind: 'want-down', cause: { kind: 'config' } };
    // Told once: a second time would cut its grace period short.
    const leaving = this.#unknown().filter((name) => {
      const { wanted, state } = this.#services.get(name) ?? {};
      return wanted === true || state?.kind !== 'stopping';
    });
    this.dispatchAll(leaving.map((service) => ({ service, event })));
    this.touch();
  }

  /** It may have been in the configuration before: the numbers of its recorded runs are taken. */
  #newcomer(spec: ResolvedService): Service {
    const { mode, why } = chooseMode(spec);
    return {
      ...newService(spec, mode, why),
      lastRun: Math.max(0, ...recordedRuns(this.#parts.world.paths.runs, spec.name)),
    };
  }

  /** Each service is looked at for whether a process is to wait for its next run; from then on with each change of it. */
  keepStandbys(): void {
    for (const [name, service] of this.#services) this.runtime(name).keepStandby(standbyWish(service));
  }

  /** Makes what several services need to be launched with one helper process instead of one each. */
  prepare(names: string[]): void {
    Shim.prepare(names.map((name) => join(this.#parts.world.paths.shims, name)));
  }

  dispatch(service: string, event: ServiceEvent): void {
    this.dispatchAll([{ service, event }]);
  }

  /** Several at once, so that their order of starting and stopping is respected. */
  dispatchAll(happenings: Happening[]): void {
    this.#queue.push(() => this.#step(happenings));
    this.together(() => undefined);
  }

  /** What happens meanwhile has its effects only afterwards, in its order. */
  together<T>(act: () => T): T {
    if (this.#busy) return act();
    this.#busy = true;
    try {
      const result = act();
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
      return result;
    } finally {
      this.#busy = false;
    }
  }

  /** Calls back after every change, once a tick. Returns the undo. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What an earlier daemon had begun for it and may not have finished. Its runs have been adopted. */
  askAgain(name: string): void {
    const service = this.#services.get(name);
    if (service === undefined) return;
    for (const effect of askAgain(service, this.#parts.world.clock.now())) this.#carryOut(effect);
  }

  /** Writes what is known now: before a command is answered. */
  flush(): void {
    this.#dirty = false;
    this.#persist();
    for (const listener of [...this.#listeners]) listener();
  }

  /** Puts what was removed from disk in place again: the records of the runs, and the pipes to their shims. */
  recordAgain(): void {
    const live = [...this.#services.values()].filter((service) => liveRun(service) !== null);
    this.prepare(live.map(({ spec }) => spec.name));
    for (const { spec } of live) this.runtime(spec.name).recordAgain();
    this.flush();
  }

  /** Resolves when nothing is held any more for those of these services that were retired. */
  async released(names: string[]): Promise<void> {
    await Promise.all(names.map((name) => this.#runtimes.get(name)?.released()));
  }

  /** Resolves when all that ended services printed is in their logs. */
  async settled(): Promise<void> {
    await Promise.all([...this.#runtimes.values()].map((runtime) => runtime.settled()));
  }

  close(): void {
    if (this.#persisting !== null) clearTimeout(this.#persisting);
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    for (const runtime of this.#runtimes.values()) runtime.close();
  }

  #step(happenings: Happening[]): void {
    const before = this.#services;
    const { world, effects } = step(before, happenings, this.#parts.world.clock.now());
    this.#services = world;
    for (const effect of effects) this.#carryOut(effect);
    for (const [changed, service] of world) if (before.get(changed) !== service) this.#afterChange(service);
    this.touch();
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'launch':
        return this.runtime(effect.service).launch(
          effect.run,
          effect.cause,
          effect.gate,
          effect.trial === true,
        );
      case 'keep':
        return this.runtime(effect.service).keep(effect.run);
      case 'approve':
        return this.runtime(effect.service).approve(effect.run);
      case 'release':
        return this.runtime(effect.service).release();
      case 'discard':
        return this.runtime(effect.service).discard(effect.run);
      case 'retire':
        return this.runtime(effect.service).retireRun(effect.run, effect.drain, effect.grace);
      case 'terminate':
        return this.runtime(effect.service).terminate(effect.run, effect.drain);
      case 'kill':
        return this.runtime(effect.service).kill(effect.run);
      case 'sweep':
        return this.runtime(effect.service).sweep(effect.run);
      case 'timer':
        return this.#setTimer(effect.service, effect.at, effect.epoch);
      case 'note':
        if (effect.note.kind === 'late') this.runtime(effect.note.service).explainLateness(effect.note.run);
        return this.#parts.journal.add(this.#completed(effect.note));
    }
  }

  /** With what only the edge knows. */
  #completed(note: Note): Note {
    if (note.kind !== 'run-ready') return note;
    const record = this.runtime(note.service).recordOf(note.run);
    return record?.standby === undefined ? note : { ...note, standby: true };
  }

  #afterChange(service: Service): void {
    const { name } = service.spec;
    const pending = this.#timers.get(name);
    if (pending !== undefined && pending.epoch !== service.epoch) this.#clearTimer(name);
    this.runtime(name).keepStandby(standbyWish(service));
    if (!isAtRest(service)) return;
    this.runtime(name).retire();
    if (service.state.kind === 'stopped' && this.#unknown().includes(name)) this.#forget(name);
  }

  #setTimer(name: string, at: number, epoch: number): void {
    this.#clearTimer(name);
    const delay = Math.max(0, Math.ceil(at - this.#parts.world.clock.now()));
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      this.dispatch(name, { kind: 'timer', epoch });
    }, delay);
    this.#timers.set(name, { timer, epoch });
  }

  #clearTimer(name: string): void {
    clearTimeout(this.#timers.get(name)?.timer);
    this.#timers.delete(name);
  }

  #createRuntime(spec: ResolvedService): void {
    const { name } = spec;
    const runtime = new ServiceRuntime(spec, this.#parts.world, this.#config.logDir, {
      ready: (run) => this.dispatch(name, { kind: 'ready', run }),
      exited: (run, exit, { unfit, ...why }) => {
        if (unfit) this.#fallBack(name);
        this.dispatch(name, { kind: 'exited', run, exit, ...why });
      },
      drained: (run, drained) => this.dispatch(name, { kind: 'drained', run, ...drained }),
      sockets: (event) => this.dispatch(name, event),
      gone: (run) => this.dispatch(name, { kind: 'gone', run }),
      cannotStart: (run, reason) => this.dispatch(name, { kind: 'cannot-start', run, reason }),
      changed: () => this.touch(),
    });
    this.#runtimes.set(name, runtime);
  }

  /** It does not take the socket that is held for it: from its next launch on nothing is. */
  #fallBack(name: string): void {
    const service = this.#services.get(name);
    if (service === undefined) return;
    const spec = asPlain(service.spec);
    this.#services = new Map(this.#services).set(name, reconfigured(service, spec, 'plain', UNFIT));
    this.runtime(name).configure(spec, this.#config.logDir);
  }

  #unknown(): string[] {
    const known = new Set(this.#config.services.map(({ name }) => name));
    return [...this.#services.keys()].filter((name) => !known.has(name));
  }

  #forget(name: string): void {
    const runtime = this.#runtimes.get(name);
    this.#runtimes.delete(name);
    void runtime?.settled().then(() => runtime.close());
    const next = new Map(this.#services);
    next.delete(name);
    this.#services = next;
  }

  /** Something that a person sees has changed. */
  touch(): void {
    if (this.#dirty) return;
    this.#dirty = true;
    setImmediate(() => {
      if (!this.#dirty) return;
      this.#dirty = false;
      for (const listener of [...this.#listeners]) listener();
      this.#persisting ??= setTimeout(() => this.#persist(), PERSIST_MS);
    });
  }

  /** Replacing a file makes the file system write it out: changes that come together are written once. */
  #persist(): void {
    if (this.#persisting !== null) clearTimeout(this.#persisting);
    this.#persisting = null;
    if (!this.#parts.persist(this))
      this.#persisting = setTimeout(() => this.#persist(), PERSIST_AGAIN_MS).unref();
  }
}
