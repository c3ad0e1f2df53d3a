/** What must hold whatever happens, for any graph of dependencies. The checks of every step are in simulation.ts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dependency, Mode, ResolvedService } from '../../src/contract/config.ts';
import type { ServiceEvent } from '../../src/supervisor/events.ts';
import { specOf } from './services.ts';
import { Simulation } from './simulation.ts';

const RUNS = { numRuns: Number(process.env['UPKEEP_LAW_RUNS'] ?? 100) };

/** Mostly one and the same: addresses that change are what seldom happens. */
const ADDRESSES = ['3000/::', '3000/::', '3000/::', '3000/::', '3000/127.0.0.1', '4000/::'];

/** One thing that happens; numbers are taken modulo what there is to choose from. */
const happening = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('command' as const), on: fc.nat(9), what: fc.nat(4) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('command-some' as const), mask: fc.nat(63), what: fc.nat(4) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('ready' as const), on: fc.nat(9), which: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('exit' as const),
      on: fc.nat(9),
      which: fc.nat(3),
      code: fc.nat(1),
      alone: fc.nat(4).map((one) => one === 0),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('vanish' as const), on: fc.nat(9), which: fc.nat(3) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('listen' as const),
      on: fc.nat(9),
      which: fc.nat(2),
      address: fc.constantFrom(...ADDRESSES),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('answer' as const), on: fc.nat(9), which: fc.nat(2) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('unheld' as const), on: fc.nat(9), which: fc.nat(2) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('open' as const), on: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recover' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), on: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('late' as const), on: fc.nat(9), kind: fc.nat(8) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
  },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const edge = fc.option(
  fc.record({
    condition: fc.constantFrom<Dependency['condition']>('ready', 'ready', 'started', 'completed'),
    required: fc.boolean(),
    restart: fc.boolean(),
  }),
  { freq: 2 },
);

/** Up to five services; each may depend on earlier ones; declared in any order. */
const graph = fc.integer({ min: 1, max: 5 }).chain((count) =>
  fc
    .record({
      modes: fc.array(fc.constantFrom<Mode>('swap', 'swap', 'handoff', 'plain'), {
        minLength: count,
        maxLength: count,
      }),
      edges: fc.array(edge, { minLength: 10, maxLength: 10 }),
      order: fc.shuffledSubarray([...Array(count).keys()], { minLength: count, maxLength: count }),
    })
    .map(({ edges, order, modes }) => specsOf(count, edges, order, modes)),
);

const history = fc.array(happening, { maxLength: 60, size: 'max' });

describe('whatever happens', () => {
  it('each step keeps the laws', () => {
    fc.assert(
      fc.property(graph, history, (specs, happenings) => {
        const simulation = new Simulation(specs);
        for (const each of happenings) play(simulation, each);
      }),
      { ...RUNS, numRuns: RUNS.numRuns * 2 },
    );
  });

  it('stopping all stops dependents first, and then all are stopped', () => {
    fc.assert(
      fc.property(
        graph,
        history,
        fc.nat(31),
        fc.infiniteStream(fc.nat(99)),
        (specs, happenings, mask, dice) => {
          const simulation = new Simulation(specs);
          for (const each of happenings) play(simulation, each);
          const watched = inOrder(simulation);
          simulation.command(toAll(simulation, { kind: 'want-down', cause: { kind: 'stop', by: 'cli' } }));
          watched();
          simulation.settle((choices) => pick(dice, choices, watched), some(simulation, mask));
          watched();
          expect(simulation.names.map((name) => simulation.service(name).state.kind)).toEqual(
            simulation.names.map(() => 'stopped'),
          );
        },
      ),
      RUNS,
    );
  });

  it('restarting all stops dependents first, and then all come back', () => {
    fc.assert(
      fc.property(
        graph,
        history,
        fc.nat(31),
        fc.infiniteStream(fc.nat(99)),
        (specs, happenings, mask, dice) => {
          const simulation = new Simulation(specs);
          for (const each of happenings) play(simulation, each);
          const before = simulation.names.map((name) => simulation.service(name).lastRun);
          const live = simulation.names.map((name) => simulation.alive(name));
          const watched = inOrder(simulation);
          simulation.command(toAll(simulation, { kind: 'restart', cause: { kind: 'restart', by: 'cli' } }));
          watched();
          simulation.settle((choices) => pick(dice, choices, watched), some(simulation, mask));
          for (const [at, name] of simulation.names.entries()) {
            const { state, lastRun, spec } = simulation.service(name);
            const job = spec.restart.policy === 'on-failure';
            expect({ name, state: state.kind }).toEqual({ name, state: job ? 'exited' : 'ready' });
            expect(lastRun, `${name} was restarted, live before: ${live[at]}`).toBeGreaterThan(
              before[at] ?? 0,
            );
          }
        },
      ),
      RUNS,
    );
  });

  it('starting all brings all up', () => {
    fc.assert(
      fc.property(
        graph,
        history,
        fc.nat(31),
        fc.infiniteStream(fc.nat(99)),
        (specs, happenings, mask, dice) => {
          const simulation = new Simulation(specs);
          for (const each of happenings) play(simulation, each);
          simulation.command(toAll(simulation, { kind: 'want-up', cause: { kind: 'start', by: 'cli' } }));
          simulation.settle((choices) => pick(dice, choices, () => {}), some(simulation, mask));
          for (const name of simulation.names) {
            const { state, spec } = simulation.service(name);
            const job = spec.restart.policy === 'on-failure';
            expect({ name, state: state.kind }).toEqual({ name, state: job ? 'exited' : 'ready' });
          }
        },
      ),
      RUNS,
    );
  });
});

/** Nobody whom the command tells to stop has a live dependent. Returns the check of the last step. */
function inOrder(simulation: Simulation): () => void {
  return () => {
    for (const name of simulation.terminated) {
      const { state } = simulation.service(name);
      // A dependency that came back restarts who asked for that, whoever depends on these.
      if (state.kind === 'stopping' && state.end.kind === 'dependency') continue;
      for (const other of simulation.names) {
        const depends = simulation.service(other).spec.dependsOn.some(({ service }) => service === name);
        // What serves until its successor does is not stopped first.
        const { state: its, wanted } = simulation.service(other);
        if (wanted && its.kind === 'ready' && its.held.length > 0) continue;
        if (depends) expect(simulation.alive(other), `${other} lives as ${name} stops`).toBe(false);
      }
    }
  };
}

function play(simulation: Simulation, happening: Happening): void {
  const { names } = simulation;
  const on = 'on' in happening ? (names[happening.on % names.length] ?? '') : '';
  switch (happening.do) {
    case 'command':
      return simulation.command([{ service: on, event: commandOf(happening.what) }]);
    case 'command-some':
      return simulation.command(
        names
          .filter((_, at) => (happening.mask >> at) % 2 === 1)
          .map((service) => ({ service, event: commandOf(happening.what) })),
      );
    case 'ready':
      return simulation.becomeReady(on, happening.which);
    case 'exit':
      return simulation.exit(on, { code: happening.code }, happening.which, happening.alone);
    case 'vanish':
      return simulation.vanish(on, happening.which);
    case 'listen':
      return simulation.listen(on, happening.address, happening.which);
    case 'answer':
      return simulation.answer(on, happening.which);
    case 'unheld':
      return simulation.unheld(on, happening.which);
    case 'open':
      return simulation.openByItself(on);
    case 'recover':
      return simulation.recover();
    case 'fail':
      return simulation.failToStart(on);
    case 'late':
      return simulation.lateMessage(on, happening.kind);
    case 'pass':
      return simulation.pass(happening.ms);
  }
}

function commandOf(what: number): ServiceEvent {
  const commands: ServiceEvent[] = [
    { kind: 'want-up', cause: { kind: 'start', by: 'cli' } },
    { kind: 'want-down', cause: { kind: 'stop', by: 'cli' } },
    { kind: 'restart', cause: { kind: 'restart', by: 'cli' } },
    { kind: 'edit', files: ['a.js'] },
    { kind: 'restart', cause: { kind: 'restart', by: 'cli' }, hard: true },
  ];
  return commands[what] as ServiceEvent;
}

function toAll(simulation: Simulation, event: ServiceEvent) {
  return simulation.names.map((service) => ({ service, event }));
}

function some(simulation: Simulation, mask: number): Set<string> {
  return new Set(simulation.names.filter((_, at) => (mask >> at) % 2 === 1));
}

function pick(dice: fc.Stream<number>, choices: number, before: () => void): number {
  before();
  return (dice.next().value ?? 0) % choices;
}

/** Services that others wait for to complete are jobs: run once, restarted only when they fail. */
function specsOf(
  count: number,
  edges: (Omit<Dependency, 'service'> | null)[],
  order: number[],
  modes: Mode[],
): ResolvedService[] {
  const dependsOn: Dependency[][] = Array.from({ length: count }, () => []);
  const jobs = new Set<number>();
  let at = 0;
  for (let to = 1; to < count; to++) {
    for (let from = 0; from < to; from++) {
      const found = edges[at++];
      if (found === null || found === undefined) continue;
      if (found.condition === 'completed') jobs.add(from);
      dependsOn[to]?.push({ service: `s${from}`, ...found });
    }
  }
  return order.map((index) =>
    specOf(`s${index}`, {
      mode: modes[index] ?? null,
      dependsOn: (dependsOn[index] ?? []).map((each) => ({
        ...each,
        // A job is over soon: nobody can wait for it to be ready.
        condition: jobs.has(Number(each.service.slice(1))) ? 'completed' : each.condition,
      })),
      restart: {
        policy: jobs.has(index) ? 'on-failure' : 'always',
        delay: null,
        maxFailures: 5,
        window: 60_000,
      },
    }),
  );
}
