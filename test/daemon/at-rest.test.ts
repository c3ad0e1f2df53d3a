/**
 * The law of an idle daemon: when every service is ready, stopped, crashed or exited, no timer is set and nothing
 * asks whether a port answers. Whatever people, edits, crashes, configurations and killed daemons did before.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ResolvedConfig, ResolvedService } from '../../src/contract/config.ts';
import type { StateName } from '../../src/contract/facts.ts';
import { Engine } from '../../src/daemon/engine.ts';
import { openJournal } from '../../src/daemon/journal.ts';
import { recover } from '../../src/daemon/recover.ts';
import { resume } from '../../src/daemon/resume.ts';
import { takeSnapshot } from '../../src/daemon/snapshot.ts';
import { writeStateFile } from '../../src/daemon/state-file.ts';
import { writeJson } from '../../src/platform/files.ts';
import { liveRun } from '../../src/supervisor/state.ts';
import { BY_CLI, dependsOn, STOP, specOf } from '../supervisor/services.ts';
import { createMachine, type Machine, type MachineRun } from './machine.ts';

const UNWATCHED = { watching: () => ({ kind: 'off' }) as const, notes: () => [] };
const UNCHANGED = { outdated: () => new Set<string>(), removed: () => new Set<string>() };

const PORT = 4_000;
/** In ms: long enough for each timer that ends by itself. */
const LONG = 70_000;
/** One that waits for another, which nobody wants, rests too. */
const RESTING: (StateName | 'waiting')[] = ['ready', 'stopped', 'crashed', 'exited', 'waiting'];

const SERVICES: ResolvedService[] = [
  specOf('db', { ports: [PORT], ready: { kind: 'port', port: PORT } }),
  specOf('web', {
    ports: [PORT + 1],
    ready: { kind: 'port', port: PORT + 1 },
    dependsOn: [dependsOn('db', { restart: true })],
  }),
  specOf('worker', { ready: { kind: 'started' } }),
  specOf('job', {
    ready: { kind: 'delay', ms: 3_000 },
    restart: { policy: 'on-failure', delay: 700, maxFailures: 3, window: 60_000 },
  }),
];

/** The other configuration: one service less, one that has moved to the port that is free now. */
const OTHER = SERVICES.slice(1).map((spec) =>
  spec.name === 'web' ? { ...spec, ports: [PORT], ready: { kind: 'port', port: PORT } as const } : spec,
);

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const turn = () => new Promise((resolve) => setImmediate(resolve));

class Simulation {
  readonly machine: Machine;
  engine: Engine;
  isResumed = true;
  readonly #root = mkdtempSync(join(tmpdir(), 'upkeep-at-rest-'));

  constructor() {
    this.machine = createMachine(this.#root);
    this.engine = this.#createEngine(this.#config(SERVICES));
    this.engine.configure(this.#config(SERVICES));
  }

  #config(services: ResolvedService[]): ResolvedConfig {
    return { workspace: this.#root, file: '', sources: [], logDir: join(this.#root, 'logs'), services };
  }

  configure(services: ResolvedService[]): void {
    this.engine.configure(this.#config(services));
  }

  #createEngine(config: ResolvedConfig): Engine {
    const { world } = this.machine;
    const engine = new Engine(config, {
      world,
      journal: openJournal(world.paths.journal, world.clock, () => {}),
      persist: (engine) => {
        if (engine !== this.engine) return true;
        const wanted = [...engine.services.values()]
          .filter((each) => each.wanted)
          .map(({ spec }) => spec.name);
        writeStateFile(world.paths.state, wanted, 0);
        const daemon = { process: { pid: 1, start: 1 }, version: '0', startedAt: '' };
        writeJson(
          world.paths.snapshot,
          takeSnapshot(engine, UNWATCHED, daemon, 'made-up', [], UNCHANGED, world.clock),
        );
        return true;
      },
    });
    world.isLeaving = (name) => {
      const service = this.engine.services.get(name);
      if (service === undefined || liveRun(service) === null) return false;
      return service.state.kind === 'stopping' || !service.wanted || service.restartAsked !== null;
    };
    return engine;
  }

  /** kill -9, and the next one. */
  async nextDaemon(): Promise<void> {
    const { world } = this.machine;
    const { config } = this.engine;
    this.engine.close();
    this.machine.forgetDaemon();
    await turn();
    const recovered = recover(
      config,
      world.paths,
      'made-up',
      { crashed: true, startsWanted: false },
      world.clock.now(),
    );
    this.engine = this.#createEngine(config);
    this.isResumed = false;
    this.engine.restore(recovered.services);
    const journal = openJournal(world.paths.journal, world.clock, () => {});
    const { engine } = this;
    void resume(engine, recovered, journal, world.paths.runs).then(() => {
      if (this.engine === engine) this.isResumed = true;
    });
  }

  runsOf(service: string): MachineRun[] {
    return this.machine.runs.filter((run) => run.service === service);
  }

  answer(): void {
    this.machine.syncs.shift()?.();
  }

  async pass(ms: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
    await turn();
  }

  get isAtRest(): boolean {
    const states = [...this.engine.services.values()].map(({ state }) => state.kind);
    return this.isResumed && states.every((kind) => RESTING.includes(kind));
  }

  /** Everything that is on its way comes to its end. */
  async settle(): Promise<void> {
    for (let round = 0; round < 100 && !this.isAtRest; round++) {
      this.answer();
      if (this.isResumed) this.#startAgainWhatChanged();
      for (const run of [...this.machine.runs]) {
        this.machine.begin(run);
        if (run.ending) this.machine.end(run, { signal: 'SIGTERM' });
        else if (run.lost) this.machine.end(run, { unknown: true });
        else if (run.port !== null) this.machine.listen(run, run.port);
      }
      await this.pass(1_000);
    }
  }

  /** As `start` does. A daemon that adopts such a run while it starts looks for the new sign of readiness. */
  #startAgainWhatChanged(): void {
    for (const [name, service] of this.engine.services) {
      if (liveRun(service) !== null && this.engine.runtime(name).configChanged)
        this.engine.dispatch(name, { kind: 'restart', cause: { kind: 'config' } });
    }
  }

  describe(): string {
    const states = [...this.engine.services].map(([name, { state }]) => `${name} ${JSON.stringify(state)}`);
    return [...states, JSON.stringify(this.machine.runs)].join('\n');
  }

  close(): void {
    this.engine.close();
    rmSync(this.#root, { recursive: true, force: true });
  }
}

type Step = { kind: string; name: string; act(simulation: Simulation): void | Promise<void> };

const names = fc.constantFrom(...SERVICES.map(({ name }) => name));
const step = (
  kind: string,
  act: (simulation: Simulation, name: string) => void | Promise<void>,
  weight = 1,
) => ({
  weight,
  arbitrary: names.map((name): Step => ({ kind, name, act: (simulation) => act(simulation, name) })),
});
const asked = (kind: string, act: (engine: Engine, name: string) => void, weight = 1) =>
  step(kind, ({ engine, isResumed }, name) => (isResumed ? act(engine, name) : undefined), weight);
const happens = (kind: string, act: (machine: Machine, run: MachineRun) => void, weight = 1) =>
  step(
    kind,
    (simulation, name) => {
      for (const run of simulation.runsOf(name).slice(-1)) act(simulation.machine, run);
    },
    weight,
  );

const steps = fc.oneof(
  asked('up', (engine, name) => engine.dispatch(name, { kind: 'want-up', cause: BY_CLI }), 4),
  asked('down', (engine, name) => engine.dispatch(name, { kind: 'want-down', cause: STOP }), 2),
  asked('restart', (engine, name) => engine.dispatch(name, { kind: 'restart', cause: BY_CLI }), 2),
  asked('edit', (engine, name) => engine.dispatch(name, { kind: 'edit', files: ['a.js'] }), 2),
  step('other config', (simulation) => void (simulation.isResumed && simulation.configure(OTHER))),
  step('config', (simulation) => void (simulation.isResumed && simulation.configure(SERVICES))),
  happens('begins', (machine, run) => machine.begin(run), 6),
  happens('is lost', (_, run) => {
    run.lost = run.pid === null;
  }),
  happens(
    'listens',
    (machine, run) => {
      if (run.port !== null) machine.listen(run, run.port);
    },
    4,
  ),
  happens('crashes', (machine, run) => machine.end(run, { code: 1 }), 3),
  happens('ends', (machine, run) => machine.end(run, { code: 0 })),
  step('shim answers', (simulation) => simulation.answer(), 2),
  step('next daemon', (simulation) => simulation.nextDaemon(), 2),
  step('a moment', (simulation) => simulation.pass(60), 4),
  step('a while', (simulation) => simulation.pass(6_000), 2),
);

it('nothing is set and nothing is asked when all is at rest', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 60, size: 'max' }), async (taken) => {
      vi.clearAllTimers();
      const simulation = new Simulation();
      try {
        for (const each of taken) {
          await each.act(simulation);
          await turn();
        }
        await simulation.settle();
        expect(simulation.isAtRest, simulation.describe()).toBe(true);
        await simulation.pass(LONG);
        const before = simulation.machine.questions();
        await simulation.pass(LONG);
        const after = { timers: vi.getTimerCount(), questions: simulation.machine.questions() - before };
        expect(after, simulation.describe()).toEqual({ timers: 0, questions: 0 });
      } finally {
        simulation.close();
      }
    }),
    { numRuns: 100 },
  );
}, 120_000);
