/** Orders of starting and stopping that were once got wrong, each as it happened. */
import { describe, expect, it } from 'vitest';
import type { ServiceEvent } from '../../src/supervisor/events.ts';
import { blockers } from '../../src/supervisor/world.ts';
import { dependsOn, specOf } from './services.ts';
import { Simulation } from './simulation.ts';

const UP: ServiceEvent = { kind: 'want-up', cause: { kind: 'start', by: 'cli' } };
const DOWN: ServiceEvent = { kind: 'want-down', cause: { kind: 'stop', by: 'cli' } };
const RESTART: ServiceEvent = { kind: 'restart', cause: { kind: 'restart', by: 'cli' } };

/** db ← api ← web; `restart`: api restarts after db. */
function chain({ restart = false, required = true } = {}): Simulation {
  return new Simulation([
    specOf('db'),
    specOf('api', { dependsOn: [dependsOn('db', { restart, required })] }),
    specOf('web', { dependsOn: [dependsOn('api', { required })] }),
  ]);
}

function all(simulation: Simulation, event: ServiceEvent): void {
  simulation.command(simulation.names.map((service) => ({ service, event })));
}

function one(simulation: Simulation, service: string, event: ServiceEvent): void {
  simulation.command([{ service, event }]);
}

function states(simulation: Simulation): string[] {
  return simulation.names.map((name) => simulation.service(name).state.kind);
}

function up(simulation: Simulation): Simulation {
  all(simulation, UP);
  for (const name of simulation.names) simulation.becomeReady(name);
  return simulation;
}

function endRun(simulation: Simulation, name: string): void {
  simulation.exit(name, { signal: 'SIGTERM' });
  simulation.vanish(name);
}

it('starts each when what it depends on is ready', () => {
  const simulation = chain();
  all(simulation, UP);
  expect(states(simulation)).toEqual(['starting', 'waiting', 'waiting']);
  simulation.becomeReady('db');
  expect(states(simulation)).toEqual(['ready', 'starting', 'waiting']);
  simulation.becomeReady('api');
  expect(states(simulation)).toEqual(['ready', 'ready', 'starting']);
});

it('stops each when what depends on it is gone', () => {
  const simulation = up(chain());
  all(simulation, DOWN);
  expect(states(simulation)).toEqual(['ready', 'ready', 'stopping']);
  simulation.exit('web', { code: 0 });
  expect(states(simulation), 'its tree may live on').toEqual(['ready', 'ready', 'stopping']);
  simulation.vanish('web');
  expect(states(simulation)).toEqual(['ready', 'stopping', 'stopped']);
  endRun(simulation, 'api');
  expect(states(simulation)).toEqual(['stopping', 'stopped', 'stopped']);
});

it('stops one at once, though others that stay depend on it', () => {
  const simulation = up(chain());
  one(simulation, 'db', DOWN);
  expect(states(simulation)).toEqual(['stopping', 'ready', 'ready']);
});

it('restarts all from the top down, then from the bottom up', () => {
  const simulation = up(chain());
  all(simulation, RESTART);
  expect(states(simulation)).toEqual(['ready', 'ready', 'stopping']);
  endRun(simulation, 'web');
  expect(states(simulation)).toEqual(['ready', 'stopping', 'waiting']);
  endRun(simulation, 'api');
  expect(states(simulation)).toEqual(['stopping', 'waiting', 'waiting']);
  endRun(simulation, 'db');
  expect(states(simulation)).toEqual(['starting', 'waiting', 'waiting']);
});

describe('what is about to stop', () => {
  it.each([true, false])('is not there for a newcomer (required: %s)', (required) => {
    const simulation = new Simulation([
      specOf('db'),
      specOf('api', { dependsOn: [dependsOn('db')] }),
      specOf('web', { dependsOn: [dependsOn('db', { required })] }),
    ]);
    up(simulation);
    one(simulation, 'web', DOWN);
    endRun(simulation, 'web');
    simulation.command(['db', 'api'].map((service) => ({ service, event: DOWN })));
    expect(states(simulation)).toEqual(['ready', 'stopping', 'stopped']);
    one(simulation, 'web', UP);
    // An order among those that are wanted anyway is no order when one of them is not.
    expect(states(simulation)).toEqual(['ready', 'stopping', required ? 'waiting' : 'starting']);
  });
});

describe('a dependency that comes back', () => {
  it('restarts who asked for that', () => {
    const simulation = up(chain({ restart: true }));
    one(simulation, 'db', RESTART);
    endRun(simulation, 'db');
    simulation.becomeReady('db');
    expect(states(simulation)).toEqual(['ready', 'stopping', 'ready']);
    expect(simulation.service('api').state).toMatchObject({ next: { kind: 'dependency', service: 'db' } });
  });

  it('does not bring back who is to stop', () => {
    const simulation = up(chain({ restart: true }));
    one(simulation, 'db', RESTART);
    endRun(simulation, 'db');
    simulation.command(['api', 'web'].map((service) => ({ service, event: DOWN })));
    simulation.becomeReady('db');
    expect(simulation.service('api')).toMatchObject({ wanted: false, state: { kind: 'ready' } });
    endRun(simulation, 'web');
    endRun(simulation, 'api');
    expect(states(simulation)).toEqual(['ready', 'stopped', 'stopped']);
  });

  it('restarts nobody when it is there for the first time, whoever had it started', () => {
    const simulation = new Simulation([
      specOf('db'),
      specOf('api', { dependsOn: [dependsOn('db', { condition: 'started', restart: true })] }),
    ]);
    simulation.command([
      { service: 'db', event: { kind: 'want-up', cause: { kind: 'dependency', service: 'api' } } },
      { service: 'api', event: UP },
    ]);
    simulation.becomeReady('db');
    expect(states(simulation)).toEqual(['ready', 'starting']);
    expect(simulation.service('db').restarts).toBe(0);
  });
});

describe('five failures in 60 s', () => {
  it('park it until an edit', () => {
    const simulation = new Simulation([specOf('web')]);
    all(simulation, UP);
    for (const delay of [100, 200, 400, 800]) {
      simulation.exit('web', { code: 1 });
      expect(simulation.service('web').state).toMatchObject({ kind: 'backoff', delay });
      simulation.pass(delay - 1);
      expect(states(simulation)).toEqual(['backoff']);
      simulation.pass(1);
      expect(states(simulation)).toEqual(['starting']);
    }
    simulation.exit('web', { code: 1 });
    expect(simulation.service('web').state).toMatchObject({ kind: 'crashed', reason: { count: 5 } });
    simulation.pass(3_600_000);
    expect(states(simulation)).toEqual(['crashed']);
    one(simulation, 'web', { kind: 'edit', files: ['a.js'] });
    expect(states(simulation)).toEqual(['starting']);
    simulation.exit('web', { code: 1 });
    expect(simulation.service('web').state).toMatchObject({ kind: 'backoff', delay: 100 });
  });
});

describe('a stop that is not obeyed', () => {
  it('is a kill after the grace period', () => {
    const simulation = up(new Simulation([specOf('web')]));
    all(simulation, DOWN);
    simulation.pass(4_999);
    expect(simulation.service('web').state).toMatchObject({ kind: 'stopping', killed: false });
    simulation.pass(1);
    expect(simulation.service('web').state).toMatchObject({ kind: 'stopping', killed: true });
  });

  it('is a kill at once when asked for again', () => {
    const simulation = up(new Simulation([specOf('web')]));
    all(simulation, DOWN);
    all(simulation, DOWN);
    expect(simulation.service('web').state).toMatchObject({ kind: 'stopping', killed: true });
  });
});

describe('blockers', () => {
  const on = (condition: 'started' | 'ready' | 'completed', required: boolean) => {
    const job = { ...specOf('a').restart, policy: 'on-failure' as const };
    const simulation = new Simulation([
      specOf('a', { restart: job }),
      specOf('b', { dependsOn: [dependsOn('a', { condition, required })] }),
    ]);
    const blocked = () => blockers(simulation.world, simulation.service('b')).length > 0;
    const seen: Record<string, boolean> = { stopped: blocked() };
    all(simulation, UP);
    seen['starting'] = blocked();
    simulation.becomeReady('a');
    seen['ready'] = blocked();
    simulation.exit('a', { code: 0 });
    seen['ended well'] = blocked();
    one(simulation, 'a', RESTART);
    simulation.exit('a', { code: 3 });
    seen['backoff'] = blocked();
    return Object.entries(seen)
      .filter(([, value]) => value)
      .map(([name]) => name);
  };

  it.each([
    ['started', true, ['stopped', 'backoff']],
    ['ready', true, ['stopped', 'starting', 'ended well', 'backoff']],
    ['completed', true, ['stopped', 'starting', 'ready', 'backoff']],
    ['started', false, ['backoff']],
    ['ready', false, ['starting', 'backoff']],
    ['completed', false, ['starting', 'ready', 'backoff']],
  ] as const)('until %s (required: %s) are those in %j', (condition, required, expected) => {
    expect(on(condition, required)).toEqual(expected);
  });
});
