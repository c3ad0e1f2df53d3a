/** Restarts that refuse no connection, step by step. Run 1 of `web` serves 3000/:: at the beginning. */
import { describe, expect, it } from 'vitest';
import type { Mode, ResolvedService } from '../../src/contract/config.ts';
import type { Cause } from '../../src/contract/facts.ts';
import type { ServiceEvent } from '../../src/supervisor/events.ts';
import { ATTACH_MS } from '../../src/supervisor/failed-swap.ts';
import { gated } from '../../src/supervisor/sockets.ts';
import { isAtRest, liveRuns, newService, reconfigured, type Service } from '../../src/supervisor/state.ts';
import { ADDRESSES_MS } from '../../src/supervisor/swap.ts';
import { DRAIN, dependsOn, GRACE, READY_TIMEOUT, specOf } from './services.ts';
import { Simulation } from './simulation.ts';

const ANY = '3000/::';
const LOOPBACK = '3000/127.0.0.1';
const UP: ServiceEvent = { kind: 'want-up', cause: { kind: 'start', by: 'cli' } };
const DOWN: ServiceEvent = { kind: 'want-down', cause: { kind: 'stop', by: 'cli' } };
const RESTART: ServiceEvent = { kind: 'restart', cause: { kind: 'restart', by: 'cli' } };
const HARD: ServiceEvent = { ...RESTART, hard: true };
const EDIT: ServiceEvent = { kind: 'edit', files: ['a.js'] };
const EDITED: Cause = { kind: 'edit', files: ['a.js'] };

class Web extends Simulation {
  constructor(changes: Partial<ResolvedService> = {}, others: ResolvedService[] = []) {
    super([specOf('web', { ports: [3000], ...changes }), ...others]);
  }

  get web(): Service {
    return this.service('web');
  }

  get state() {
    return this.web.state;
  }

  do(event: ServiceEvent, service = 'web'): this {
    this.command([{ service, event }]);
    return this;
  }

  /** Notes since this was last asked. */
  told(): string[] {
    return this.notes.splice(0).map((note) => ('run' in note ? `${note.kind} ${note.run}` : note.kind));
  }

  runs(): number[] {
    return liveRuns(this.web);
  }

  toldTo(run: number) {
    return this.machine.get('web', run)?.told;
  }

  /** The newest run asks for the address, and is ready. */
  comes(address = ANY): this {
    this.listen('web', address);
    this.becomeReady('web');
    return this;
  }

  takesOver(): this {
    this.comes();
    this.answer('web');
    return this;
  }
}

function serving(changes: Partial<ResolvedService> = {}, others: ResolvedService[] = []): Web {
  const web = new Web(changes, others).do(UP).comes();
  expect(web.state).toMatchObject({ kind: 'ready', run: 1, held: [ANY], successor: null, failedEdit: null });
  web.told();
  return web;
}

describe('1. an edit or a restart', () => {
  it.each([EDIT, RESTART])('launches a second run behind its gate: %o', (event) => {
    const web = serving().do(event);
    expect(web.state).toMatchObject({ kind: 'ready', run: 1, successor: { run: 2, phase: 'starting' } });
    expect(web.machine.get('web', 2)?.open).toBe(false);
    expect(web.toldTo(1)).toBe('nothing');
    expect(web.told()).toEqual(['run-started 2']);
  });

  it('waits for a dependency that is away, and serves meanwhile', () => {
    const db = specOf('db', { mode: 'plain' });
    const web = new Web({ dependsOn: [dependsOn('db')] }, [db]);
    web.command(['web', 'db'].map((service) => ({ service, event: UP })));
    web.becomeReady('db');
    web.comes();
    web.command(['web', 'db'].map((service) => ({ service, event: RESTART })));
    expect(web.service('db').state.kind).toBe('stopping');
    expect(web.state).toMatchObject({ kind: 'ready', successor: null });
    web.exit('db', { code: 0 });
    web.vanish('db');
    expect(web.state).toMatchObject({ kind: 'ready', run: 1, successor: null });
    web.becomeReady('db');
    expect(web.state).toMatchObject({ kind: 'ready', run: 1, successor: { run: 2 } });
  });

  it('does not stop dependents; those that ask for it restart after the swap', () => {
    const api = specOf('api', { mode: 'plain', dependsOn: [dependsOn('web', { restart: true })] });
    const page = specOf('page', { mode: 'plain', dependsOn: [dependsOn('web')] });
    const web = serving({}, [api, page]);
    web.command(['api', 'page'].map((service) => ({ service, event: UP })));
    for (const name of ['api', 'page']) web.becomeReady(name);
    web.do(EDIT);
    expect(web.service('api').state.kind).toBe('ready');
    web.takesOver();
    expect(web.service('api').state).toMatchObject({ kind: 'stopping', next: { kind: 'dependency' } });
    expect(web.service('page').state.kind).toBe('ready');
  });
});

describe('with a dependency that is swapped too', () => {
  const onApi = (changes = {}) => {
    const api = specOf('api', { ports: [4000] });
    const web = new Web({ dependsOn: [dependsOn('api', changes)] }, [api]);
    web.command(['web', 'api'].map((service) => ({ service, event: UP })));
    web.listen('api', '4000/::');
    web.becomeReady('api');
    web.comes().told();
    return web;
  };
  const both = (web: Web, event: ServiceEvent) =>
    web.command(['web', 'api'].map((service) => ({ service, event })));
  const apiTakesOver = (web: Web) => {
    web.listen('api', '4000/::');
    web.becomeReady('api');
    web.answer('api');
  };

  it.each([EDIT, RESTART])('it follows when that one has taken over: %o', (event) => {
    const web = onApi();
    both(web, event);
    expect(web.service('api').state).toMatchObject({ run: 1, successor: { run: 2 } });
    expect(web.state).toMatchObject({ run: 1, successor: null });
    apiTakesOver(web);
    expect(web.service('api').state).toMatchObject({ run: 2, successor: null });
    expect(web.state).toMatchObject({ run: 1, successor: { run: 2 } });
    expect(web.takesOver().state).toMatchObject({ run: 2, successor: null });
  });

  it('restarts once, also if it asks to be restarted after it', () => {
    const web = onApi({ restart: true });
    both(web, EDIT);
    apiTakesOver(web);
    expect(web.takesOver().state).toMatchObject({ run: 2, cause: EDITED, successor: null });
    expect(web.runs()).toEqual([1, 2]);
  });

  it('goes on when that one fails', () => {
    const web = onApi();
    both(web, EDIT);
    web.exit('api', { code: 1 }, 2);
    web.vanish('api', 2);
    expect(web.service('api').state).toMatchObject({ run: 1, successor: null });
    expect(web.state).toMatchObject({ run: 1, successor: { run: 2 } });
  });

  it('is stopped only then where it is stopped first', () => {
    const web = onApi();
    web.command([
      { service: 'web', event: HARD },
      { service: 'api', event: RESTART },
    ]);
    expect(web.state).toMatchObject({ kind: 'ready', run: 1 });
    apiTakesOver(web);
    expect(web.state).toMatchObject({ kind: 'stopping', run: 1 });
  });

  it('stops at once when it is told to', () => {
    const web = onApi();
    both(web, EDIT);
    expect(web.do(DOWN).state).toMatchObject({ kind: 'stopping', run: 1 });
  });
});

describe('2. a further edit', () => {
  it('replaces the successor', () => {
    const web = serving().do(EDIT).do(RESTART);
    expect(web.state).toMatchObject({ run: 1, successor: { run: 3, cause: { kind: 'restart' } } });
    expect(web.toldTo(2)).toBe('end');
    expect(web.web.retiring).toMatchObject([{ run: 2, how: 'discard', end: { kind: 'restart' } }]);
    web.exit('web', { signal: 'SIGTERM' }, 1);
    web.vanish('web');
    expect(web.runs()).toEqual([1, 3]);
    expect(web.notes).toContainEqual(
      expect.objectContaining({ kind: 'run-ended', run: 2, cause: { kind: 'restart', by: 'cli' } }),
    );
  });

  it('lets one that was told to take over do so first', () => {
    const web = serving().do(EDIT).comes().do(EDIT);
    expect(web.state).toMatchObject({ run: 1, successor: { run: 2, phase: 'attaching' } });
    web.answer('web');
    expect(web.state).toMatchObject({ run: 2, successor: { run: 3 } });
    expect(web.runs()).toEqual([1, 2, 3]);
  });
});

describe('3. a successor that is ready', () => {
  it('is told to take over, and is the current run once it has', () => {
    const web = serving().do(EDIT).comes();
    expect(web.state).toMatchObject({ run: 1, successor: { run: 2, phase: 'attaching' } });
    expect(web.machine.get('web', 2)?.open).toBe(true);
    expect(web.toldTo(1)).toBe('nothing');
    web.told();
    web.now += 40;
    web.answer('web');
    expect(web.state).toMatchObject({ kind: 'ready', run: 2, cause: EDITED, held: [ANY], readyAt: web.now });
    expect(web.web).toMatchObject({ restarts: 1, lastCause: EDITED, sockets: [ANY] });
    expect(web.toldTo(1)).toBe('drain');
    expect(web.notes).toContainEqual({ kind: 'swapped', service: 'web', run: 2, from: 1, took: 40 });
    expect(web.told()).toEqual(['run-ready 2', 'swapped 2']);
    web.exit('web', { signal: 'SIGTERM' }, 1);
    expect(web.notes).toMatchObject([{ kind: 'run-ended', run: 1, cause: EDITED }]);
    expect(web.runs()).toEqual([1, 2]);
    web.vanish('web');
    expect(web.runs()).toEqual([2]);
  });

  it('is not told before it asks for every address that is served', () => {
    const web = serving();
    web.listen('web', '4000/::');
    web.do(EDIT).comes();
    expect(web.state).toMatchObject({ successor: { phase: 'ready', gated: [ANY] } });
    web.listen('web', '4000/::');
    expect(web.state).toMatchObject({ successor: { phase: 'attaching' } });
    web.answer('web');
    expect(web.state, 'the other one would be served by nobody').toMatchObject({ run: 1 });
    web.answer('web');
    expect(web.state).toMatchObject({ run: 2, held: [ANY, '4000/::'] });
  });

  it('is told again when it comes to its gate just as the run before it ends', () => {
    const web = serving().do(EDIT);
    web.exit('web', { code: 1 }, 1);
    expect(web.state).toMatchObject({ run: 2 });
    const { effects } = gated(web.web, 2, ANY, web.now);
    expect(effects).toEqual([{ kind: 'approve', service: 'web', run: 2 }]);
    expect(gated(web.web, 1, ANY, web.now).effects).toEqual([]);
  });

  it('has taken over already when its gate opened by itself', () => {
    const web = serving().do(EDIT);
    web.openByItself('web');
    web.listen('web', ANY);
    expect(web.state, 'not known to be ready').toMatchObject({ run: 1, successor: { held: [ANY] } });
    web.becomeReady('web');
    expect(web.state).toMatchObject({ run: 2, successor: null });
  });
});

describe('4. a successor that fails', () => {
  const failed = (message: string, exit: unknown = null) => ({
    kind: 'ready',
    run: 1,
    successor: null,
    failedEdit: { run: 2, cause: EDITED, exit, message },
  });

  it.each<[string, (web: Web) => void, string, unknown, string[]]>([
    [
      'by ending',
      (web) => web.exit('web', { code: 1 }),
      'ended with exit 1 before it could take over',
      { code: 1 },
      ['run-ended 2', 'edit-failed 2'],
    ],
    ['by not starting', (web) => web.failToStart('web'), 'cannot be started: no', null, ['edit-failed 2']],
    ['by being late', (web) => web.pass(READY_TIMEOUT), 'not ready after 30 s', null, ['edit-failed 2']],
  ])('%s leaves the current run as it is', (_, fail, message, exit, told) => {
    const web = serving().do(EDIT);
    web.told();
    fail(web);
    expect(web.state).toMatchObject(failed(message, exit));
    expect(web.toldTo(1)).toBe('nothing');
    expect(web.told()).toEqual(told);
    expect(web.web).toMatchObject({ failures: [], restarts: 0, restartAsked: null });
  });

  it('by not listening when it may is given up, after 5 s', () => {
    const web = serving().do(EDIT).comes();
    web.pass(ATTACH_MS);
    expect(web.state).toMatchObject(failed('did not listen within 5 s of being ready'));
    expect(web.toldTo(2)).toBe('end');
  });

  it('is tried again by the next edit, and forgotten when that succeeds', () => {
    const web = serving().do(EDIT);
    web.exit('web', { code: 1 });
    web.do(EDIT);
    expect(web.state).toMatchObject({ failedEdit: { run: 2 }, successor: { run: 3 } });
    web.takesOver();
    expect(web.state).toMatchObject({ run: 3, failedEdit: null });
  });

  it('never parks the service, however often', () => {
    const web = serving();
    for (let edits = 0; edits < 20; edits++) {
      web.do(EDIT);
      web.exit('web', { code: 1 });
    }
    expect(web.state).toMatchObject({ kind: 'ready', run: 1 });
    expect(web.web.failures).toEqual([]);
  });

  it('by listening on nothing, though its check has passed', () => {
    const web = serving().do(EDIT);
    web.becomeReady('web');
    web.pass(READY_TIMEOUT - 1);
    expect(web.state).toMatchObject({ run: 1, successor: { phase: 'ready' } });
    web.pass(1);
    expect(web.state).toMatchObject(failed('listens on no port that is served'));
  });

  it('because it does not stand the other run is started when that has drained', () => {
    const web = serving().do(EDIT);
    web.told();
    web.exit('web', { code: 1 }, 0, true);
    expect(web.state).toMatchObject({ kind: 'stopping', run: 1, end: EDITED, next: EDITED });
    expect(web.state).toMatchObject({ killAt: web.now + DRAIN + GRACE });
    expect(web.toldTo(1)).toBe('drain');
    expect(web.told()).toEqual(['run-ended 2', 'handed-off 2']);
    web.exit('web', { signal: 'SIGTERM' });
    web.vanish('web');
    expect(web.state).toMatchObject({ kind: 'starting', run: 3, cause: EDITED });
    expect(web.machine.get('web', 3)?.open).toBe(true);
    web.comes();
    expect(web.do(EDIT).state, 'the next time is as the first').toMatchObject({ successor: { run: 4 } });
  });
});

describe('5. a current run that ends by itself', () => {
  it('is followed by its successor, which listens as soon as it can', () => {
    const web = serving().do(EDIT);
    web.told();
    web.exit('web', { code: 1 }, 1);
    expect(web.state).toMatchObject({ kind: 'starting', run: 2, cause: EDITED });
    expect(web.machine.get('web', 2)?.open).toBe(true);
    expect(web.told()).toEqual(['run-ended 1']);
    web.comes();
    expect(web.state).toMatchObject({ kind: 'ready', run: 2, held: [ANY] });
    expect(web.web.restarts).toBe(1);
  });

  it('is followed by one that was ready already', () => {
    const web = serving().do(EDIT).comes();
    web.exit('web', { code: 1 }, 1);
    expect(web.state).toMatchObject({ kind: 'ready', run: 2, held: [] });
    web.answer('web');
    expect(web.state).toMatchObject({ kind: 'ready', run: 2, held: [ANY] });
  });

  it('is followed by one that is ready and has yet to listen', () => {
    const web = serving().do(EDIT);
    web.becomeReady('web');
    web.exit('web', { code: 1 }, 1);
    expect(web.state).toMatchObject({ kind: 'ready', run: 2, held: [] });
    web.listen('web', ANY);
    expect(web.state).toMatchObject({ kind: 'ready', run: 2, held: [ANY] });
  });

  it('is not followed by one that listens elsewhere: that is started anew, on new sockets', () => {
    const web = serving().do(EDIT);
    web.listen('web', LOOPBACK);
    web.exit('web', { code: 1 }, 1);
    expect(web.state).toMatchObject({ kind: 'waiting', cause: EDITED });
    web.exit('web', { signal: 'SIGTERM' });
    web.vanish('web');
    expect(web.state).toMatchObject({ kind: 'starting', run: 3 });
    expect(web.web.sockets).toEqual([]);
  });

  it('without a successor is restarted on the sockets that are held', () => {
    const web = serving();
    web.pass(1_000);
    web.exit('web', { code: 1 });
    expect(web.state).toMatchObject({ kind: 'starting', run: 2, cause: { kind: 'crash' } });
    expect(web.web.sockets).toEqual([ANY]);
    expect(web.machine.get('web', 2)?.open).toBe(true);
  });

  it('parks it, and the sockets go once the run that drains is gone', () => {
    const web = serving({ restart: { policy: 'always', delay: null, maxFailures: 1, window: 60_000 } });
    web.do(EDIT).takesOver();
    web.exit('web', { code: 1 });
    expect(web.state.kind).toBe('crashed');
    expect([isAtRest(web.web), web.web.sockets]).toEqual([false, [ANY]]);
    web.exit('web', { code: 0 });
    web.vanish('web');
    expect([isAtRest(web.web), web.web.sockets]).toEqual([true, []]);
  });
});

describe('6. stop', () => {
  it('ends all runs, and is over when all are gone', () => {
    const web = serving().do(EDIT).takesOver().do(EDIT).do(DOWN);
    expect(web.state).toMatchObject({ kind: 'stopping', run: 2, killAt: web.now + GRACE });
    expect([1, 2, 3].map((run) => web.toldTo(run))).toEqual(['end', 'end', 'end']);
    for (const left of [3, 2, 1]) {
      expect([web.state.kind, web.runs().length]).toEqual(['stopping', left]);
      web.exit('web', { signal: 'SIGTERM' });
      web.vanish('web');
    }
    expect(web.state.kind).toBe('stopped');
    expect(web.web).toMatchObject({ lastCause: DOWN.cause, sockets: [], retiring: [] });
  });

  it('kills all of them after the grace', () => {
    const web = serving().do(EDIT).takesOver().do(DOWN);
    web.pass(GRACE);
    expect([1, 2].map((run) => web.toldTo(run))).toEqual(['kill', 'kill']);
  });

  it('does not wait for the drain of a handoff', () => {
    const web = serving({ mode: 'handoff' }).do(EDIT);
    expect(web.toldTo(1)).toBe('drain');
    web.do(DOWN);
    expect(web.toldTo(1)).toBe('end');
    expect(web.state).toMatchObject({ kind: 'stopping', next: null, killAt: web.now + GRACE });
  });

  it('waits for a run that drains when the current one is gone already', () => {
    const web = serving().do(EDIT).takesOver();
    web.exit('web', { code: 1 });
    expect(web.state.kind).toBe('backoff');
    web.do(DOWN);
    expect(web.state).toMatchObject({ kind: 'stopping', run: 1, killed: false });
    expect(web.toldTo(1)).toBe('end');
  });
});

describe('7. stopped first', () => {
  it.each<[string, Mode, ServiceEvent, boolean, number]>([
    ['restart --hard', 'swap', HARD, true, 0],
    ['handoff', 'handoff', EDIT, true, DRAIN],
    ['plain', 'plain', EDIT, false, 0],
    ['swap, and nothing is held', 'swap', EDIT, false, 0],
  ])('%s', (_, mode, event, held, drain) => {
    const web = new Web({ mode }).do(UP);
    if (held) web.listen('web', ANY);
    web.becomeReady('web');
    web.do(event);
    expect(web.state).toMatchObject({ kind: 'stopping', run: 1, killAt: web.now + drain + GRACE });
    expect(web.toldTo(1)).toBe(drain > 0 ? 'drain' : 'end');
    web.exit('web', { signal: 'SIGTERM' });
    web.vanish('web');
    expect(web.state).toMatchObject({ kind: 'starting', run: 2 });
    expect(web.machine.get('web', 2)?.open).toBe(true);
    expect(web.web).toMatchObject({ sockets: held ? [ANY] : [], restartHow: 'swap' });
  });
});

describe('8. other addresses', () => {
  const handedOff = (web: Web) => {
    expect(web.state).toMatchObject({ kind: 'stopping', run: 1, next: EDITED });
    expect([1, 2].map((run) => web.toldTo(run))).toEqual(['drain', 'end']);
    expect(web.web.restartHow).toBe('release');
    for (let runs = 0; runs < 2; runs++) {
      expect(web.state.kind).toBe('stopping');
      web.exit('web', { signal: 'SIGTERM' });
      web.vanish('web');
    }
    expect(web.state).toMatchObject({ kind: 'starting', run: 3, cause: EDITED });
    expect(web.web).toMatchObject({ sockets: [], restartHow: 'swap' });
  };

  it('are known at the gate', () => {
    const web = serving().do(EDIT);
    web.listen('web', LOOPBACK);
    expect(web.state, 'it may be broken').toMatchObject({ run: 1, successor: { phase: 'starting' } });
    web.becomeReady('web');
    expect(web.notes.at(-1)).toMatchObject({
      kind: 'handed-off',
      run: 2,
      why: { kind: 'address', before: [ANY], now: [LOOPBACK] },
    });
    handedOff(web);
    web.comes(LOOPBACK);
    expect(web.state).toMatchObject({ kind: 'ready', run: 3, held: [LOOPBACK] });
  });

  it('may be fewer: what has not come within 5 s will not', () => {
    const web = serving();
    web.listen('web', '4000/::');
    web.do(EDIT).comes();
    web.pass(ADDRESSES_MS - 1);
    expect(web.state).toMatchObject({ run: 1, successor: { phase: 'ready' } });
    web.pass(1);
    handedOff(web);
  });

  it('may be such as cannot be held', () => {
    const web = serving().do(EDIT);
    web.unheld('web');
    handedOff(web);
  });

  it.each([0, 1_000])('after a crash are bound anew (ready for %d ms)', (ms) => {
    const web = serving({ mode: 'handoff' });
    web.pass(ms);
    web.exit('web', { code: 1 });
    web.pass(200);
    expect(web.state).toMatchObject({ kind: 'starting', run: 2 });
    web.listen('web', LOOPBACK);
    expect(web.state).toMatchObject({ kind: 'stopping', run: 2, next: { kind: 'crash' } });
    web.exit('web', { code: 1 });
    web.vanish('web');
    expect(web.state).toMatchObject({ kind: 'starting', run: 3 });
    web.comes(LOOPBACK);
    expect(web.state).toMatchObject({ kind: 'ready', run: 3, held: [LOOPBACK] });
  });

  it('that the program itself has in use are its own affair', () => {
    const web = serving();
    web.listen('web', LOOPBACK);
    expect(web.state).toMatchObject({ kind: 'ready', run: 1 });
    expect(web.web.restartAsked).toBeNull();
  });
});

describe('a configuration that changes', () => {
  const held = { ...serving().web };
  const spec = (changes: Partial<ResolvedService>) => ({ ...held.spec, ...changes });

  it.each<[Partial<ResolvedService>, Mode, string]>([
    [{}, 'swap', 'swap'],
    [{ readyTimeout: 1 }, 'swap', 'swap'],
    [{ ports: [3001] }, 'swap', 'release'],
    [{ ports: [3000, 3001] }, 'swap', 'release'],
    [{}, 'plain', 'release'],
    [{}, 'handoff', 'release'],
  ])('to %j, %s: %s', (changes, mode, how) => {
    expect(reconfigured(held, spec(changes), mode).restartHow).toBe(how);
  });

  it('is nothing to what holds nothing', () => {
    const none = newService(spec({}), 'swap');
    expect(reconfigured(none, spec({ ports: [1] }), 'plain').restartHow).toBe('swap');
    const plain = { ...held, mode: 'plain' as const };
    expect(reconfigured(plain, spec({ ports: [1] }), 'plain').restartHow).toBe('swap');
  });
});
