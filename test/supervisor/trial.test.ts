/** A run that is begun before a burst of edits is over. Run 1 of `web` serves 3000/:: at the beginning. */
import { describe, expect, it } from 'vitest';
import type { ResolvedService } from '../../src/contract/config.ts';
import type { ServiceEvent } from '../../src/supervisor/events.ts';
import { dependsOn, specOf } from './services.ts';
import { Simulation } from './simulation.ts';

const ANY = '3000/::';
const UP: ServiceEvent = { kind: 'want-up', cause: { kind: 'start', by: 'cli' } };
const DOWN: ServiceEvent = { kind: 'want-down', cause: { kind: 'stop', by: 'cli' } };
const RESTART: ServiceEvent = { kind: 'restart', cause: { kind: 'restart', by: 'cli' } };

function serving(changes: Partial<ResolvedService> = {}, others: ResolvedService[] = []): Simulation {
  const web = new Simulation([specOf('web', { ports: [3000], ...changes }), ...others]);
  web.command(web.names.map((service) => ({ service, event: UP })));
  for (const { name } of others) web.becomeReady(name);
  comes(web);
  web.notes.length = 0;
  return web;
}

function comes(web: Simulation, address = ANY): void {
  web.listen('web', address);
  web.becomeReady('web');
}

function told(web: Simulation): string[] {
  return web.notes.splice(0).map((note) => ('run' in note ? `${note.kind} ${note.run}` : note.kind));
}

const stateOf = (web: Simulation) => web.service('web').state;

/** Its one run on trial, which waits to take over. */
function tried(): Simulation {
  const web = serving();
  web.try('web');
  comes(web);
  expect(stateOf(web)).toMatchObject({ run: 1, successor: { run: 2, phase: 'ready', trial: true } });
  expect(told(web)).toEqual([]);
  return web;
}

describe('a run on trial', () => {
  it('takes over as soon as it has passed', () => {
    const web = tried();
    web.endTrial('web', 'passed');
    expect(stateOf(web)).toMatchObject({ run: 1, successor: { run: 2, phase: 'attaching', trial: false } });
    web.answer('web');
    expect(stateOf(web)).toMatchObject({ kind: 'ready', run: 2 });
    expect(told(web)).toEqual(['run-started 2', 'run-ready 2', 'swapped 2']);
    expect(web.service('web').restarts).toBe(1);
  });

  it('is waited for when it has passed before it was ready', () => {
    const web = serving();
    web.try('web');
    web.endTrial('web', 'passed');
    expect(told(web)).toEqual(['run-started 2']);
    comes(web);
    web.answer('web');
    expect(stateOf(web)).toMatchObject({ kind: 'ready', run: 2 });
  });

  it.each(['stale', 'undone'] as const)('is set aside without a word: %s', (end) => {
    const web = tried();
    web.endTrial('web', end);
    expect(stateOf(web)).toMatchObject({ kind: 'ready', run: 1, successor: null, failedEdit: null });
    web.exit('web', { signal: 'SIGTERM' });
    web.vanish('web');
    expect(told(web)).toEqual([]);
    expect(web.service('web')).toMatchObject({ restarts: 0, retiring: [] });
  });

  it('that fails says nothing; what has passed then is tried again, and told', () => {
    const web = serving();
    web.try('web');
    web.exit('web', { code: 1 });
    expect(stateOf(web)).toMatchObject({ run: 1, successor: null, failedEdit: null });
    expect(told(web)).toEqual([]);
    web.endTrial('web', 'passed');
    expect(told(web)).toEqual(['run-started 3']);
    web.exit('web', { code: 1 });
    expect(told(web)).toEqual(['run-ended 3', 'edit-failed 3']);
    expect(web.service('web').failures).toEqual([]);
  });

  it.each<[string, (web: Simulation) => void]>([
    ['does not stand the other run', (web) => web.exit('web', { code: 1 }, 0, true)],
    ['listens elsewhere', (web) => comes(web, '3000/127.0.0.1')],
    ['cannot be held', (web) => web.unheld('web')],
    ['is not ready in time', (web) => web.pass(30_000)],
  ])('that %s does not end the one that serves', (_, happens) => {
    const web = serving();
    web.try('web');
    happens(web);
    expect(stateOf(web)).toMatchObject({ kind: 'ready', run: 1, successor: null });
    expect(told(web)).toEqual([]);
  });

  it('gives way to a restart that somebody asks for, and then has nothing to say', () => {
    const web = tried();
    web.command([{ service: 'web', event: RESTART }]);
    expect(stateOf(web)).toMatchObject({ run: 1, successor: { run: 3, trial: false } });
    web.endTrial('web', 'passed');
    expect(stateOf(web)).toMatchObject({ successor: { run: 3 } });
    expect(told(web)).toEqual(['run-started 3']);
  });

  it('ends with the service', () => {
    const web = tried();
    web.command([{ service: 'web', event: DOWN }]);
    web.settle(() => 0);
    expect(stateOf(web).kind).toBe('stopped');
    web.endTrial('web', 'passed');
    expect(stateOf(web).kind).toBe('stopped');
    expect(told(web)).toEqual(['run-ended 1']);
  });

  it('does not outlive its daemon, and never took over', () => {
    const web = tried();
    web.recover();
    expect(stateOf(web)).toMatchObject({ kind: 'ready', run: 1, successor: null });
    expect(web.machine.get('web', 2)).toMatchObject({ told: 'end', open: false });
  });

  it('takes the place of one that ends by itself, and is restarted if all is undone after that', () => {
    const web = tried();
    web.exit('web', { code: 1 }, 1);
    expect(stateOf(web)).toMatchObject({ kind: 'ready', run: 2 });
    expect(told(web)).toEqual(['run-ended 1', 'run-started 2', 'run-ready 2']);
    web.answer('web');
    web.endTrial('web', 'undone');
    expect(stateOf(web)).toMatchObject({ run: 2, successor: { run: 3 } });
  });
});

describe('nothing is begun on trial', () => {
  it.each(['plain', 'handoff'] as const)('in mode %s', (mode) => {
    const web = serving({ mode });
    web.try('web');
    expect([stateOf(web).kind, told(web)]).toEqual(['ready', []]);
    expect(web.machine.of('web')).toHaveLength(1);
  });

  it('while another run is about to take over', () => {
    const web = serving();
    web.command([{ service: 'web', event: RESTART }]);
    web.try('web');
    expect(stateOf(web)).toMatchObject({ successor: { run: 2, trial: false } });
  });

  it('beside one of a dependency: what was begun before is begun anew when that one has taken over', () => {
    const api = specOf('api', { ports: [4000] });
    const web = serving({ dependsOn: [dependsOn('api')] }, [api]);
    web.listen('api', '4000/::');
    web.becomeReady('api');
    web.try('web');
    web.try('api');
    web.endTrial('web', 'passed');
    web.endTrial('api', 'passed');
    expect(stateOf(web)).toMatchObject({ run: 1, successor: { run: 2, trial: true } });
    web.try('web');
    web.listen('api', '4000/::');
    web.becomeReady('api');
    web.answer('api');
    expect(web.service('api').state).toMatchObject({ run: 2 });
    expect(stateOf(web)).toMatchObject({ run: 1, successor: { run: 3, trial: false } });
  });

  it('while a dependency is away; and what was begun before waits for it', () => {
    const db = specOf('db', { mode: 'plain' });
    const web = serving({ dependsOn: [dependsOn('db')] }, [db]);
    web.try('web');
    web.command([{ service: 'db', event: { kind: 'edit', files: ['a.js'] } }]);
    web.endTrial('web', 'passed');
    expect(stateOf(web)).toMatchObject({ run: 1, successor: { run: 2, trial: true } });
  });
});
