/**
 * A make-believe machine under a virtual clock: takes the world's effects as processes and timers would,
 * answers them when the test says so, and checks after every step what must hold always.
 */
import { expect } from 'vitest';
import type { Mode, ResolvedService } from '../../src/contract/config.ts';
import type { Exit } from '../../src/contract/facts.ts';
import { Retiring, ServiceState } from '../../src/contract/service-state.ts';
import { askAgain } from '../../src/supervisor/again.ts';
import type { Effect, Note, ServiceEvent } from '../../src/supervisor/events.ts';
import { isAtRest, liveRuns, newService, type Service, type World } from '../../src/supervisor/state.ts';
import { withoutTrial } from '../../src/supervisor/trial.ts';
import { type Happening, reconcile, step } from '../../src/supervisor/world.ts';
import { Machine, type Process } from './machine.ts';

const NONE = { kind: 'cannot-start', message: 'no' } as const;

export class Simulation {
  now = 1_000;
  world: World;
  readonly machine = new Machine();
  readonly #timers = new Map<string, { at: number; epoch: number }>();
  /** Services told to stop during the step before. */
  terminated: string[] = [];
  readonly notes: Note[] = [];
  /** The last run that was begun on trial, as long as nobody has said what it has come to. */
  readonly #tried = new Map<string, number>();
  /** Services of which runs have been launched, in order. */
  readonly launched: string[] = [];

  constructor(specs: ResolvedService[]) {
    this.world = new Map(specs.map((spec) => [spec.name, freeze(newService(spec, modeOf(spec)))]));
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
    return this.machine.of(name).length > 0;
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

  /** `which`: of the runs that can, the newest first. */
  becomeReady(name: string, which = 0): void {
    const process = this.#pick(name, which, (each) => !each.ended);
    if (process === undefined) return;
    process.ready = true;
    this.#step([{ service: name, event: { kind: 'ready', run: process.run } }]);
  }

  /** Its program asks for an address of a held socket. */
  listen(name: string, address: string, which = 0): void {
    const process = this.#pick(name, which, (each) => !each.ended);
    if (process === undefined || [...process.wants, ...process.serves].includes(address)) return;
    process.wants.push(address);
    if (process.open) return this.answer(name, which);
    this.#step([{ service: name, event: { kind: 'gated', run: process.run, address } }]);
  }

  /** What waited for its gate to be opened listens. */
  answer(name: string, which = 0): void {
    const process = this.#pick(name, which, (each) => !each.ended && each.open && each.wants.length > 0);
    const [address] = process?.wants ?? [];
    if (process === undefined || address === undefined) return;
    const { run } = process;
    this.#step([{ service: name, event: { kind: this.machine.listen(process, address), run, address } }]);
  }

  /** The daemon was away for long: the hook opens the gate by itself. */
  openByItself(name: string): void {
    const process = this.#pick(name, 0, (each) => !each.ended && !each.open);
    if (process !== undefined) process.open = true;
  }

  unheld(name: string, which = 0): void {
    const process = this.#pick(name, which, (each) => !each.ended);
    if (process === undefined) return;
    this.#step([{ service: name, event: { kind: 'unheld', run: process.run, why: 'exclusive' } }]);
  }

  /** Its process ends: by itself, or because it was told to. */
  exit(name: string, exit: Exit, which = 0, aloneOnly = false): void {
    const process = this.#pick(name, which, (each) => !each.ended);
    if (process !== undefined) this.#end(process, exit, aloneOnly);
  }

  #end(process: Process, exit: Exit, aloneOnly = false): void {
    const { service, run } = process;
    process.ended = true;
    // Nobody waits for the tree of a run that ended by itself: it is swept aside.
    if (process.told === 'nothing') this.machine.remove(process);
    this.#step([{ service, event: { kind: 'exited', run, exit, portTaken: null, aloneOnly } }]);
    expect(this.machine.hasEnd(service, run), `the end of run ${run} of ${service} is told`).toBe(
      this.machine.hasStart(service, run),
    );
  }

  /** The first of several edits, maybe. */
  try(name: string): void {
    this.#step([{ service: name, event: { kind: 'trial', files: ['a.js'] } }]);
    const { state } = this.service(name);
    if (state.kind === 'ready' && state.successor?.trial === true) this.#tried.set(name, state.successor.run);
  }

  /** What it has come to. */
  endTrial(name: string, end: 'stale' | 'passed' | 'undone'): void {
    const run = this.#tried.get(name);
    if (run === undefined) return;
    this.#tried.delete(name);
    this.#step([{ service: name, event: { kind: `trial-${end}`, run, files: ['a.js'] } }]);
  }

  /** What is left of its tree is gone. */
  vanish(name: string, which = 0): void {
    const process = this.#pick(name, which, (each) => each.ended);
    if (process === undefined) return;
    this.machine.remove(process);
    this.#step([{ service: name, event: { kind: 'gone', run: process.run } }]);
  }

  /** The run that was launched last, before anything was heard of it. */
  failToStart(name: string): void {
    const { state } = this.service(name);
    const isFresh = (each: Process) =>
      !each.ended && !each.ready && each.wants.concat(each.serves).length === 0;
    const process = this.#pick(name, 0, isFresh);
    const starts = [state.kind === 'starting' ? state.run : null];
    if (state.kind === 'ready') starts.push(state.successor?.run ?? null);
    if (process === undefined || !starts.includes(process.run)) return;
    this.machine.remove(process);
    this.#step([{ service: name, event: { kind: 'cannot-start', run: process.run, reason: NONE } }]);
  }

  /** Messages that come too late: from runs that are over, from timers of states that are. */
  lateMessage(name: string, kind: number): void {
    const { lastRun, epoch } = this.service(name);
    let run = lastRun - 1;
    while (this.machine.get(name, run) !== undefined) run--;
    const late: ServiceEvent[] = [
      { kind: 'timer', epoch: epoch - 1 },
      { kind: 'ready', run },
      { kind: 'exited', run, exit: { code: 1 }, portTaken: null },
      { kind: 'gone', run },
      { kind: 'cannot-start', run, reason: NONE },
      { kind: 'gated', run, address: '3000/::' },
      { kind: 'attached', run, address: '3000/::' },
      { kind: 'refused', run, address: '3000/::' },
      { kind: 'unheld', run, why: 'exclusive' },
      { kind: 'trial-stale', run },
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

  /** The daemon is killed; another one reads what it left and asks again for what may not have been done. */
  recover(): void {
    this.#timers.clear();
    this.#tried.clear();
    this.world = new Map(
      [...this.world].map(([name, service]) => [name, freeze(withoutTrial(restored(service)))]),
    );
    this.machine.isAgain = true;
    for (const service of this.world.values())
      for (const effect of askAgain(service, this.now)) this.#carryOut(effect);
    this.machine.isAgain = false;
    this.#check();
  }

  /** Every process does as it is told, one thing at a time, until nothing is left to do. `stubborn` ones obey only SIGKILL. */
  settle(pick: (choices: number) => number, stubborn: ReadonlySet<string> = new Set()): void {
    for (let moves = 0; moves < 1_000; moves++) {
      const choices = this.machine.processes.flatMap((each) => this.#dutiesOf(each, stubborn));
      if (choices.length > 0) choices[pick(choices.length)]?.();
      else if (!this.#waitForTimer()) return;
    }
    throw new Error('it never settles');
  }

  #dutiesOf(process: Process, stubborn: ReadonlySet<string>): (() => void)[] {
    const { service: name, run, told } = process;
    const { state, spec, sockets, mode } = this.service(name);
    const here = this.machine.of(name).reverse();
    if (process.ended) return [() => this.vanish(name, here.filter((each) => each.ended).indexOf(process))];
    if (told === 'kill' || (told !== 'nothing' && process.seenTo))
      return [() => this.#end(process, { signal: 'SIGKILL' })];
    if (told !== 'nothing')
      return stubborn.has(name) ? [] : [() => this.#end(process, { signal: 'SIGTERM' })];
    const which = here.filter((each) => !each.ended).indexOf(process);
    const isSuccessor = state.kind === 'ready' && state.successor?.run === run;
    const missing = sockets.find((address) => ![...process.wants, ...process.serves].includes(address));
    const canAnswer = process.open && process.wants.length > 0;
    const answering = here.filter((each) => !each.ended && each.open && each.wants.length > 0);
    if (canAnswer) return [() => this.answer(name, answering.indexOf(process))];
    if (state.kind === 'starting' || isSuccessor) {
      const first = mode === 'plain' || process.serves.length > 0 ? undefined : '3000/::';
      const address = missing ?? (sockets.length === 0 ? first : undefined);
      if (address !== undefined) return [() => this.listen(name, address, which)];
      return process.ready && isSuccessor ? [] : [() => this.becomeReady(name, which)];
    }
    // A job that others wait for does its work.
    if (state.kind === 'ready' && spec.restart.policy === 'on-failure')
      return [() => this.#end(process, { code: 0 })];
    return [];
  }

  #waitForTimer(): boolean {
    const next = Math.min(...[...this.#timers.values()].map(({ at }) => at));
    if (!Number.isFinite(next)) return false;
    this.pass(Math.max(0, next - this.now));
    return true;
  }

  #pick(name: string, which: number, may: (process: Process) => boolean): Process | undefined {
    const found = this.machine.of(name).reverse().filter(may);
    return found[which % Math.max(1, found.length)];
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
    for (const [name, service] of world) {
      if (this.#timers.get(name)?.epoch !== service.epoch) this.#timers.delete(name);
      // With its shim the sockets go.
      if (isAtRest(service)) this.machine.listening(name).clear();
    }
    this.#check();
  }

  #carryOut(effect: Effect): void {
    if (effect.kind === 'timer') {
      this.#timers.set(effect.service, effect);
      return;
    }
    if (effect.kind === 'launch') this.#checkLaunch(effect);
    if (effect.kind === 'terminate' && this.machine.get(effect.service, effect.run)?.told === 'nothing')
      this.terminated.push(effect.service);
    if (effect.kind === 'note') this.notes.push(effect.note);
    this.machine.carryOut(effect);
  }

  #checkLaunch({ service: name, gate }: Extract<Effect, { kind: 'launch' }>): void {
    const { state, mode, spec } = this.service(name);
    const free = this.machine.of(name).filter(({ told }) => told === 'nothing');
    if (gate === 'wait') {
      expect({ mode, state, free }).toMatchObject({ mode: 'swap', state: { kind: 'ready' }, free: [{}] });
    } else {
      expect(free, `${name} is launched while a run of it goes on`).toEqual([]);
      if (mode !== 'swap') expect(this.alive(name), `${name} is launched while a run lives`).toBe(false);
    }
    for (const { service, condition, required } of spec.dependsOn) {
      const other = this.service(service);
      if (required && condition === 'ready')
        expect(other.state.kind, `${service}, needed by ${name}`).toBe('ready');
      if (required) expect(other.wanted, `${service} is wanted, needed by ${name}`).toBe(true);
    }
    this.launched.push(name);
  }

  #check(): void {
    for (const [name, service] of this.world) {
      const { state } = service;
      const processes = this.machine.of(name);
      const runs = processes.map(({ run }) => run);
      expect([...liveRuns(service)].sort(byNumber), `the live runs of ${name}`).toEqual(runs.sort(byNumber));
      const going = processes.filter(({ told }) => told === 'nothing').map(({ run }) => run);
      expect(going.sort(byNumber), `runs of ${name} that were not told to end`).toEqual(goingRuns(service));
      if (!service.wanted && processes.length === 0) expect(state.kind, name).toBe('stopped');
      if (service.wanted) expect(service.stopAsked, `${name} is wanted`).toBeNull();
      expect(new Set(service.sockets), `sockets of ${name}`).toEqual(this.machine.listening(name));
      if ('held' in state && 'run' in state) {
        const current = this.machine.get(name, state.run);
        expect(new Set(state.held), `${name} serves`).toEqual(new Set(current?.serves));
        expect(current?.ended, `${name} has a live run`).toBe(false);
      }
      if (awaitsTime(service))
        expect(this.#timers.get(name)?.epoch, `a timer of ${name}`).toBe(service.epoch);
    }
    expect(reconcile(this.world, this.now).effects, 'nothing is left to be done').toEqual([]);
  }
}

/** The current run and its successor, as long as they are wanted. */
function goingRuns({ state }: Service): number[] {
  if (state.kind === 'starting') return [state.run];
  if (state.kind !== 'ready') return [];
  return state.successor === null ? [state.run] : [state.run, state.successor.run];
}

function modeOf({ mode }: ResolvedService): Mode {
  return mode ?? 'swap';
}

/** As it comes back from disk. */
function restored(service: Service): Service {
  const read = JSON.parse(JSON.stringify(service));
  return {
    ...read,
    state: ServiceState.parse(read.state),
    retiring: read.retiring.map((each: unknown) => Retiring.parse(each)),
  };
}

function awaitsTime({ state }: Service): boolean {
  if (state.kind === 'stopping') return !state.killed;
  if (state.kind === 'ready') return state.successor !== null;
  return state.kind === 'backoff' || (state.kind === 'starting' && state.late === null);
}

function byNumber(a: number, b: number): number {
  return a - b;
}

/** What has been given away must never be changed. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) freeze(each);
  }
  return value;
}
