/** What a swap promises, whatever happens to the runs. The checks of every step are in simulation.ts. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ServiceEvent } from '../../src/supervisor/events.ts';
import { liveRuns } from '../../src/supervisor/state.ts';
import { history, play, restarts } from './happenings.ts';
import { specOf } from './services.ts';
import { Simulation } from './simulation.ts';

const RUNS = { numRuns: Number(process.env['UPKEEP_LAW_RUNS'] ?? 50) };
const ADDRESS = '3000/::';
const EDIT: ServiceEvent = { kind: 'edit', files: ['a.js'] };
const RESTART: ServiceEvent = { kind: 'restart', cause: { kind: 'restart', by: 'cli' } };

/** What edits and their runs may do, short of taking over. */
const mishap = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ do: 'ask' as const, event: EDIT }) },
  { weight: 1, arbitrary: fc.constant({ do: 'ask' as const, event: RESTART }) },
  ...(['exit', 'fail', 'listen', 'ready', 'vanish', 'open', 'recover'] as const).map((what) => ({
    weight: 1,
    arbitrary: fc.constant({ do: what }),
  })),
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 40_000 }).map((ms) => ({ do: 'pass' as const, ms })) },
  { weight: 2, arbitrary: fc.constant({ do: 'try' as const }) },
  ...(['stale', 'passed', 'undone'] as const).map((end) => ({
    weight: 1,
    arbitrary: fc.constant({ do: 'end-trial' as const, end }),
  })),
);
type Mishap = typeof mishap extends fc.Arbitrary<infer T> ? T : never;

function serving(): Simulation {
  const simulation = new Simulation([specOf('web', { ports: [3000] })]);
  ask(simulation, { kind: 'want-up', cause: { kind: 'start', by: 'cli' } });
  simulation.listen('web', ADDRESS);
  simulation.becomeReady('web');
  return simulation;
}

function ask(simulation: Simulation, event: ServiceEvent): void {
  simulation.command([{ service: 'web', event }]);
}

function happen(simulation: Simulation, mishap: Mishap): void {
  if (mishap.do === 'ask') return ask(simulation, mishap.event);
  if (mishap.do === 'pass') return simulation.pass(mishap.ms);
  if (mishap.do === 'recover') return simulation.recover();
  if (mishap.do === 'try') return simulation.try('web');
  if (mishap.do === 'end-trial') return simulation.endTrial('web', mishap.end);
  if (mishap.do === 'vanish') return simulation.vanish('web');
  const { state } = simulation.service('web');
  if (state.kind !== 'ready' || state.successor === null) return;
  if (mishap.do === 'exit') return simulation.exit('web', { code: 1 });
  if (mishap.do === 'fail') return simulation.failToStart('web');
  if (mishap.do === 'ready') return simulation.becomeReady('web');
  // Its gate is open when it was told to take over: then listening would be doing so.
  if (mishap.do === 'open' || simulation.machine.get('web', state.successor.run)?.open) return;
  simulation.listen('web', ADDRESS);
}

it('no edit and no failing successor ends the run that serves', () => {
  fc.assert(
    fc.property(fc.array(mishap, { maxLength: 80, size: 'max' }), (mishaps) => {
      const simulation = serving();
      for (const each of mishaps) {
        happen(simulation, each);
        const { state, failures } = simulation.service('web');
        if (state.kind === 'ready' && state.run !== 1) throw new Error('nothing took over');
        expect(state).toMatchObject({ kind: 'ready', run: 1, held: [ADDRESS] });
        expect(simulation.machine.get('web', 1)).toMatchObject({ told: 'nothing', ended: false });
        expect(failures).toEqual([]);
      }
    }),
    RUNS,
  );
});

it('whatever was before, a last edit ends in one run of the new code, or tells why not', () => {
  fc.assert(
    fc.property(
      fc.oneof(history, restarts),
      fc.array(mishap, { maxLength: 8 }),
      fc.infiniteStream(fc.nat(99)),
      (happenings, mishaps, dice) => {
        const simulation = serving();
        for (const each of happenings) play(simulation, each);
        ask(simulation, { kind: 'want-up', cause: { kind: 'start', by: 'cli' } });
        let before = simulation.service('web').lastRun;
        ask(simulation, EDIT);
        // It may have been waiting for nothing but this: then it was launched by the first of the two.
        if (simulation.service('web').lastRun === before && !swapsOrStops(simulation)) before--;
        for (const each of mishaps.filter((each) => each.do !== 'ask')) happen(simulation, each);
        simulation.endTrial('web', 'passed');
        simulation.settle((choices) => (dice.next().value ?? 0) % choices);
        const { state } = simulation.service('web');
        if (state.kind !== 'ready') throw new Error(`it is ${state.kind}`);
        expect(liveRuns(simulation.service('web'))).toEqual([state.run]);
        expect(Math.max(state.run, state.failedEdit?.run ?? 0)).toBeGreaterThan(before);
      },
    ),
    RUNS,
  );
});

it('a burst that is tried early ends in one run of the new code, or in none when it is undone', () => {
  fc.assert(
    fc.property(
      fc.array(mishap, { maxLength: 8 }),
      fc.constantFrom('stale' as const, 'passed' as const, 'undone' as const),
      fc.infiniteStream(fc.nat(99)),
      (mishaps, end, dice) => {
        const simulation = serving();
        simulation.try('web');
        const { state: tried } = simulation.service('web');
        expect(tried).toMatchObject({ run: 1, successor: { run: 2, trial: true } });
        const quiet = mishaps.filter(
          ({ do: what }) => !['ask', 'try', 'end-trial', 'recover'].includes(what),
        );
        for (const each of quiet) {
          happen(simulation, each);
          expect(simulation.service('web')).toMatchObject({
            restarts: 0,
            state: { run: 1, failedEdit: null },
          });
          expect(simulation.notes.filter((note) => 'run' in note && note.run !== 1)).toEqual([]);
        }
        simulation.endTrial('web', end);
        // What a daemon does when it knows that more has changed.
        if (end === 'stale') ask(simulation, EDIT);
        simulation.settle((choices) => (dice.next().value ?? 0) % choices);
        const { state, restarts } = simulation.service('web');
        expect(state).toMatchObject({ kind: 'ready', successor: null });
        expect(restarts).toBe(end === 'undone' ? 0 : 1);
        expect(state).toMatchObject(end === 'undone' ? { run: 1 } : { cause: { kind: 'edit' } });
      },
    ),
    RUNS,
  );
});

/** Another run is still to come. */
function swapsOrStops(simulation: Simulation): boolean {
  const { state, restartAsked } = simulation.service('web');
  return restartAsked !== null || state.kind === 'stopping';
}

it('the histories that are tried have all of it in them', () => {
  const seen = new Map<string, number>();
  for (const happenings of fc.sample(restarts, { numRuns: 150, seed: 1 })) {
    const simulation = serving();
    for (const each of happenings) play(simulation, each);
    for (const note of simulation.notes) {
      const what = note.kind === 'handed-off' ? `${note.kind} ${note.why.kind}` : note.kind;
      seen.set(what, (seen.get(what) ?? 0) + 1);
    }
  }
  const expected = ['swapped', 'edit-failed', 'handed-off alone', 'handed-off address', 'handed-off unheld'];
  for (const what of expected) expect(seen.get(what), what).toBeGreaterThan(1);
});
