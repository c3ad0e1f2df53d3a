/** What may happen to services, in any order: for the laws. */
import fc from 'fast-check';
import type { ServiceEvent } from '../../src/supervisor/events.ts';
import type { Simulation } from './simulation.ts';

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
  { weight: 2, arbitrary: fc.record({ do: fc.constant('try' as const), on: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('end-trial' as const),
      on: fc.nat(9),
      end: fc.constantFrom('stale' as const, 'passed' as const, 'passed' as const, 'undone' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), on: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('late' as const), on: fc.nat(9), kind: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
  },
);
export type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** What happens to a service that is restarted again and again. */
export const restarts = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('command' as const),
        on: fc.nat(9),
        what: fc.constantFrom(2, 3),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('listen' as const),
        on: fc.nat(9),
        which: fc.constant(0),
        address: fc.constant('3000/::'),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('ready' as const), on: fc.nat(9), which: fc.constant(0) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('answer' as const), on: fc.nat(9), which: fc.constant(0) }),
    },
    { weight: 6, arbitrary: happening },
  ),
  { maxLength: 60, size: 'max' },
);

export const history = fc.array(happening, { maxLength: 60, size: 'max' });

export function play(simulation: Simulation, happening: Happening): void {
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
    case 'try':
      return simulation.try(on);
    case 'end-trial':
      return simulation.endTrial(on, happening.end);
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
