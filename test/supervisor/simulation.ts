/**
 * A make-believe machine under a virtual clock: takes the world's effects as processes and timers would,
 * answers them when the test says so, and checks after every step what must hold always.
 */
import { expect } from 'vitest';
import type { ResolvedService } from '../../src/contract/config.ts';
import type { Exit } from '../../src/contract/facts.ts';
import type { Effect, ServiceEvent } from '../../src/supervisor/events.ts';
import { liveRun, newService, type Service, type World } from '../../src/supervisor/state.ts';
import { type Happening, reconcile, step } from '../../src/supervisor/world.ts';

/** A run as the machine has it. `ended`: its own process has, the rest of its tree may live on. */
interface Process {
  service: string;
  run: number;
  told: 'nothing' | 'terminate' | 'kill';
  ended: boolean;
}

export class Simulation {
  now = 1_000;
  world: World;
  readonly #processes = new Map<string, Process>();
  readonly #timers = new Map<string, { at: number; epoch: number }>();
  readonly #lastRuns = new Map<string, number>();
  /** Services told to stop during the step before. */
  terminated: string[] = [];
  /** Runs that have been launched, in order. */
  readonly launched: string[] = [];

  constructor(specs: ResolvedService[]) {
    this.world = new Map(specs.map((spec) => [spec.name, freeze(newService(spec, 'swap'))]));
  }

  get names(): string[] {
    return [...this.world.keys()];
  }

  service(name: string): Service {
    const service = this.world.get(name);
    if (service === undefined) throw new Error(`no service ${name}`);
    return service;
  }

  alive(name: string): boolean {
    return this.#processes.has(name);
  }

  command(happenings: Happening[]): void {
    this.#step(happenings);
    for (const { service: name, event } of happenings) {
      const service = this.service(name);
      if (event.kind === 'want-down' || (event.kind === 'edit' && !service.wanted)) continue;
      expect({ name, failures: service.failures, attempt: service.attempt }).toEqual({
        name,
        failures: [],
        attempt: 0,
      });
    }
  }

  becomeReady(name: string): void {
    const process = this.#processes.get(name);
    if (process === undefined || process.ended) return;
    this.#step([{ service: name, event: { kind: 'ready', run: process.run } }]);
  }

  /** Its process ends: by itself, or because it was told to. */
  exit(name: string, exit: Exit): void {
    const process = this.#processes.get(name);
    if (process === undefined || process.ended) return;
    process.ended = true;
    // Nobody waits for the tree of a run that ended by itself: it is swept aside.
    if (process.told === 'nothing') this.#processes.delete(name);
    this.#step([{ service: name, event: { kind: 'exited', run: process.run, exit, portTaken: null } }]);
  }

  /** What is left of its tree is gone. */
  vanish(name: string): void {
    const process = this.#processes.get(name);
    if (process === undefined || !process.ended) return;
    this.#processes.delete(name);
    this.#step([{ service: name, event: { kind: 'gone', run: process.run } }]);
  }

  failToStart(name: string): void {
    const process = this.#processes.get(name);
    const { state } = this.service(name);
    if (process === undefined || state.kind !== 'starting') return;
    this.#processes.delete(name);
    const reason = { kind: 'cannot-start', message: 'no' } as const;
    this.#step([{ service: name, event: { kind: 'cannot-start', run: process.run, reason } }]);
  }

  /** Messages that come too late: from runs that are over, from timers of states that are. */
  lateMessage(name: string, kind: number): void {
    const { lastRun, epoch } = this.service(name);
    const run = lastRun - 1;
    const late: ServiceEvent[] = [
      { kind: 'timer', epoch: epoch - 1 },
      { kind: 'ready', run },
      { kind: 'exited', run, exit: { code: 1 }, portTaken: null },
      { kind: 'gone', run },
      { kind: 'cannot-start', run, reason: { kind: 'cannot-start', message: 'no' } },
    ];
    const event = late[kind % late.length] as ServiceEvent;
    const before = this.world;
    const { world, effects } = step(before, [{ service: name, event }], this.now);
    expect({ event, effects, world: [...world] }).toEqual({ event, effects: [], world: [...before] });
  }

  /** Time passes; the timers that come due on the way go off in their order. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (due === undefined) break;
      const [name, { at, epoch }] = due;
      this.now = Math.max(this.now, at);
      this.#timers.delete(name);
      this.#step([{ service: name, event: { kind: 'timer', epoch } }]);
    }
    this.now = end;
  }

  /** Every process does as it is told, one thing at a time, until nothing is left to do. `stubborn` ones obey only SIGKILL. */
  settle(pick: (choices: number) => number, stubborn: ReadonlySet<string> = new Set()): void {
    for (let moves = 0; moves < 1_000; moves++) {
      const choices = this.names.flatMap((name) => this.#dutiesOf(name, stubborn));
      if (choices.length > 0) choices[pick(choices.length)]?.();
      else if (!this.#waitForTimer()) return;
    }
    throw new Error('it never settles');
  }

  #dutiesOf(name: string, stubborn: ReadonlySet<string>): (() => void)[] {
    const process = this.#processes.get(name);
    if (process === undefined) return [];
    const { state, spec } = this.service(name);
    if (process.ended) return [() => this.vanish(name)];
    if (process.told === 'kill') return [() => this.exit(name, { signal: 'SIGKILL' })];
    if (process.told === 'terminate')
      return stubborn.has(name) ? [] : [() => this.exit(name, { signal: 'SIGTERM' })];
    if (state.kind === 'starting') return [() => this.becomeReady(name)];
    // A job that others wait for does its work.
    if (state.kind === 'ready' && spec.restart.policy === 'on-failure')
      return [() => this.exit(name, { code: 0 })];
    return [];
  }

  #waitForTimer(): boolean {
    const next = Math.min(...[...this.#timers.values()].map(({ at }) => at));
    if (!Number.isFinite(next)) return false;
    this.pass(Math.max(0, next - this.now));
    return true;
  }

  #step(happenings: Happening[]): void {
    const before = this.world;
    const { world, effects } = step(before, happenings, this.now);
    this.world = world;
    for (const service of world.values()) freeze(service);
    if (!happenings.some(({ event }) => 'cause' in event || event.kind === 'edit')) {
      for (const [name, { wanted }] of before)
        expect(this.service(name).wanted, `${name} is wanted`).toBe(wanted);
    }
    this.terminated = [];
    for (const effect of effects) this.#carryOut(effect);
    for (const [name, { epoch }] of world)
      if (this.#timers.get(name)?.epoch !== epoch) this.#timers.delete(name);
    this.#check();
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'launch':
        return this.#launch(effect.service, effect.run);
      case 'terminate':
        this.terminated.push(effect.service);
        this.#tell(effect.service, effect.run, 'terminate');
        return;
      case 'kill':
        return this.#tell(effect.service, effect.run, 'kill');
      case 'timer':
        this.#timers.set(effect.service, effect);
        return;
      case 'sweep':
        expect(this.#processes.get(effect.service)?.run, 'swept while it lives').not.toBe(effect.run);
        return;
      case 'note':
        return;
    }
  }

  #launch(name: string, run: number): void {
    expect(this.#processes.get(name), `${name} is launched while a run of it lives`).toBeUndefined();
    expect(run, `${name} has a new run number`).toBe((this.#lastRuns.get(name) ?? 0) + 1);
    for (const { service, condition, required } of this.service(name).spec.dependsOn) {
      const { state, wanted } = this.service(service);
      if (required && condition === 'ready')
        expect(state.kind, `${service}, needed by ${name}`).toBe('ready');
      if (required) expect(wanted, `${service} is wanted, needed by ${name}`).toBe(true);
    }
    this.#lastRuns.set(name, run);
    this.#processes.set(name, { service: name, run, told: 'nothing', ended: false });
    this.launched.push(name);
  }

  #tell(name: string, run: number, told: 'terminate' | 'kill'): void {
    const process = this.#processes.get(name);
    expect(process?.run, `${told} of a run of ${name} that is not live`).toBe(run);
    if (process === undefined) return;
    if (told === 'terminate')
      expect(process, `${name} is told to stop once`).toMatchObject({ told: 'nothing', ended: false });
    expect(process.told, `${name} is killed once`).not.toBe('kill');
    process.told = told;
  }

  #check(): void {
    for (const [name, service] of this.world) {
      const process = this.#processes.get(name);
      expect(liveRun(service), `the live run of ${name}`).toBe(process?.run ?? null);
      if (!service.wanted && process === undefined) expect(service.state.kind, name).toBe('stopped');
      if (service.wanted) expect(service.stopAsked, `${name} is wanted`).toBeNull();
      if (awaitsTime(service))
        expect(this.#timers.get(name)?.epoch, `a timer of ${name}`).toBe(service.epoch);
    }
    expect(reconcile(this.world, this.now).effects, 'nothing is left to be done').toEqual([]);
  }
}

function awaitsTime({ state }: Service): boolean {
  if (state.kind === 'stopping') return !state.killed;
  return state.kind === 'backoff' || (state.kind === 'starting' && state.late === null);
}

/** What has been given away must never be changed. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) freeze(each);
  }
  return value;
}
