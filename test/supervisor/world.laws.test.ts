/** What must hold whatever happens, for any graph of dependencies. The checks of every step are in simulation.ts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dependency, Mode, ResolvedService } from '../../src/contract/config.ts';
import type { ServiceEvent } from '../../src/supervisor/events.ts';
import { history as any, play, restarts } from './happenings.ts';
import { specOf } from './services.ts';
import { Simulation } from './simulation.ts';

const RUNS = { numRuns: Number(process.env['UPKEEP_LAW_RUNS'] ?? 100) };

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

const history = fc.oneof(any, restarts);

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
