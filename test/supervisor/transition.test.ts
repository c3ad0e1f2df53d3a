/** The whole table: what every event makes of every state. */
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../src/contract/facts.ts';
import { NO_SWAP, NOT_HELD, type ServiceState } from '../../src/contract/service-state.ts';
import type { Effect, ServiceEvent } from '../../src/supervisor/events.ts';
import { launch } from '../../src/supervisor/moves.ts';
import type { Service } from '../../src/supervisor/state.ts';
import { beginStop } from '../../src/supervisor/stop.ts';
import { transition } from '../../src/supervisor/transition.ts';
import { BY_CLI, dependsOn, GRACE, READY_TIMEOUT, STOP, serviceIn, specOf } from './services.ts';

const NOW = 100_000;
const EXIT = { code: 1 };
const TAKEN = { kind: 'port-taken', port: 3000, pid: 9, command: 'nc', workspace: null } as const;
const LOST = { kind: 'cannot-start', message: 'no folder' } as const;

/** Rows: one service in each state, and those in which a state means two things. */
const SERVICES = {
  stopped: serviceIn({ kind: 'stopped' }),
  waiting: serviceIn({ kind: 'waiting', cause: BY_CLI }),
  starting: serviceIn({ kind: 'starting', run: 3, cause: BY_CLI, since: 90_000, late: null, ...NOT_HELD }),
  'starting, to be restarted': serviceIn(
    { kind: 'starting', run: 3, cause: BY_CLI, since: 90_000, late: null, ...NOT_HELD },
    { restartAsked: { kind: 'restart', by: 'cli' } },
  ),
  'starting, not wanted': serviceIn(
    { kind: 'starting', run: 3, cause: BY_CLI, since: 90_000, late: null, ...NOT_HELD },
    { wanted: false, stopAsked: STOP },
  ),
  ready: serviceIn({ kind: 'ready', run: 3, cause: BY_CLI, since: 80_000, readyAt: 99_500, ...NO_SWAP }),
  'ready for 1 s': serviceIn({
    kind: 'ready',
    run: 3,
    cause: BY_CLI,
    since: 80_000,
    readyAt: 99_000,
    ...NO_SWAP,
  }),
  'ready, to be restarted': serviceIn(
    { kind: 'ready', run: 3, cause: BY_CLI, since: 80_000, readyAt: 99_500, ...NO_SWAP },
    { restartAsked: { kind: 'edit', files: ['a.js'] } },
  ),
  'ready, not wanted': serviceIn(
    { kind: 'ready', run: 3, cause: BY_CLI, since: 80_000, readyAt: 99_500, ...NO_SWAP },
    { wanted: false, stopAsked: STOP },
  ),
  stopping: serviceIn(stopping(null, false), { wanted: false, stopAsked: STOP }),
  'stopping, killed': serviceIn(stopping(null, true), { wanted: false, stopAsked: STOP }),
  'stopping, to come back': serviceIn(stopping({ kind: 'restart', by: 'cli' }, false)),
  backoff: serviceIn({ kind: 'backoff', exit: EXIT, until: 101_000, delay: 400 }),
  crashed: serviceIn({ kind: 'crashed', reason: LOST }),
  exited: serviceIn({ kind: 'exited', exit: { code: 0 } }),
};

/** Columns. */
const EVENTS = {
  up: { kind: 'want-up', cause: BY_CLI },
  down: { kind: 'want-down', cause: STOP },
  restart: { kind: 'restart', cause: { kind: 'restart', by: 'cli' } },
  edit: { kind: 'edit', files: ['a.js'] },
  ready: { kind: 'ready', run: 3 },
  exited: { kind: 'exited', run: 3, exit: EXIT, portTaken: null },
  'port taken': { kind: 'exited', run: 3, exit: EXIT, portTaken: TAKEN },
  gone: { kind: 'gone', run: 3 },
  'cannot start': { kind: 'cannot-start', run: 3, reason: LOST },
  timer: { kind: 'timer', epoch: 7 },
} satisfies Record<string, ServiceEvent>;

type Row = keyof typeof SERVICES;
type Column = keyof typeof EVENTS;

/**
 * `=`: nothing at all changes. Otherwise the state, `up` or `down` as wanted, what is asked for, `fresh`
 * when no failure counts any longer; after `|` the effects.
 */
const TABLE: Record<Row, Record<Column, string>> = {
  stopped: {
    up: 'waiting(start) up fresh',
    down: 'stopped down fresh',
    restart: 'waiting(restart) up fresh',
    edit: '=',
    ready: '=',
    exited: '=',
    'port taken': '=',
    gone: '=',
    'cannot start': '=',
    timer: '=',
  },
  waiting: {
    up: 'waiting(start) up fresh',
    down: 'stopped down fresh',
    restart: 'waiting(start) up fresh',
    edit: 'waiting(start) up fresh',
    ready: '=',
    exited: '=',
    'port taken': '=',
    gone: '=',
    'cannot start': '=',
    timer: '=',
  },
  starting: {
    up: 'starting up fresh',
    down: 'starting down stop-asked',
    restart: 'starting up restart-asked(restart) fresh',
    edit: 'starting up restart-asked(edit) fresh',
    ready: 'ready up | run-ready',
    exited: 'backoff(400) up | run-ended sweep timer@100400 retry',
    'port taken': 'crashed(port-taken) up | run-ended sweep parked',
    gone: '=',
    'cannot start': 'crashed(cannot-start) up | parked',
    timer: 'starting up late | late',
  },
  'starting, to be restarted': {
    up: 'starting up restart-asked(restart) fresh',
    down: 'starting down stop-asked',
    restart: 'starting up restart-asked(restart) fresh',
    edit: 'starting up restart-asked(edit) fresh',
    ready: 'ready up restart-asked(restart) | run-ready',
    exited: 'waiting(restart) up | run-ended sweep',
    'port taken': 'waiting(restart) up | run-ended sweep',
    gone: '=',
    'cannot start': 'waiting(restart) up',
    timer: 'starting up restart-asked(restart) late | late',
  },
  'starting, not wanted': {
    up: 'starting up fresh',
    down: '=',
    restart: 'starting up restart-asked(restart) fresh',
    edit: '=',
    ready: 'ready down stop-asked | run-ready',
    exited: 'stopped down | run-ended sweep',
    'port taken': 'stopped down | run-ended sweep',
    gone: '=',
    'cannot start': 'stopped down',
    timer: 'starting down stop-asked late | late',
  },
  ready: {
    up: 'ready up fresh',
    down: 'ready down stop-asked',
    restart: 'ready up restart-asked(restart) fresh',
    edit: 'ready up restart-asked(edit) fresh',
    ready: '=',
    exited: 'backoff(400) up | run-ended sweep timer@100400 retry',
    'port taken': 'crashed(port-taken) up | run-ended sweep parked',
    gone: '=',
    'cannot start': '=',
    timer: '=',
  },
  'ready for 1 s': {
    up: 'ready up fresh',
    down: 'ready down stop-asked',
    restart: 'ready up restart-asked(restart) fresh',
    edit: 'ready up restart-asked(edit) fresh',
    ready: '=',
    exited: 'waiting(crash) up | run-ended sweep',
    'port taken': 'crashed(port-taken) up | run-ended sweep parked',
    gone: '=',
    'cannot start': '=',
    timer: '=',
  },
  'ready, to be restarted': {
    up: 'ready up restart-asked(edit) fresh',
    down: 'ready down stop-asked',
    restart: 'ready up restart-asked(restart) fresh',
    edit: 'ready up restart-asked(edit) fresh',
    ready: '=',
    exited: 'waiting(edit) up | run-ended sweep',
    'port taken': 'waiting(edit) up | run-ended sweep',
    gone: '=',
    'cannot start': '=',
    timer: '=',
  },
  'ready, not wanted': {
    up: 'ready up fresh',
    down: '=',
    restart: 'ready up restart-asked(restart) fresh',
    edit: '=',
    ready: '=',
    exited: 'stopped down | run-ended sweep',
    'port taken': 'stopped down | run-ended sweep',
    gone: '=',
    'cannot start': '=',
    timer: '=',
  },
  stopping: {
    up: 'stopping then(start) up fresh',
    down: 'stopping killed down stop-asked | kill killed',
    restart: 'stopping then(restart) up fresh',
    edit: '=',
    ready: '=',
    exited: 'stopping down stop-asked | run-ended',
    'port taken': 'stopping down stop-asked | run-ended',
    gone: 'stopped down',
    'cannot start': 'stopped down',
    timer: 'stopping killed down stop-asked | kill killed',
  },
  'stopping, killed': {
    up: 'stopping killed then(start) up fresh',
    down: '=',
    restart: 'stopping killed then(restart) up fresh',
    edit: '=',
    ready: '=',
    exited: 'stopping killed down stop-asked | run-ended',
    'port taken': 'stopping killed down stop-asked | run-ended',
    gone: 'stopped down',
    'cannot start': 'stopped down',
    timer: '=',
  },
  'stopping, to come back': {
    up: 'stopping then(restart) up fresh',
    down: 'stopping down stop-asked',
    restart: 'stopping then(restart) up fresh',
    edit: 'stopping then(restart) up fresh',
    ready: '=',
    exited: 'stopping then(restart) up | run-ended',
    'port taken': 'stopping then(restart) up | run-ended',
    gone: 'waiting(restart) up',
    'cannot start': 'waiting(restart) up',
    timer: 'stopping killed then(restart) up | kill killed',
  },
  backoff: {
    up: 'waiting(start) up fresh',
    down: 'stopped down fresh',
    restart: 'waiting(restart) up fresh',
    edit: 'waiting(edit) up fresh',
    ready: '=',
    exited: '=',
    'port taken': '=',
    gone: '=',
    'cannot start': '=',
    timer: 'waiting(crash) up',
  },
  crashed: {
    up: 'waiting(start) up fresh',
    down: 'stopped down fresh',
    restart: 'waiting(restart) up fresh',
    edit: 'waiting(edit) up fresh',
    ready: '=',
    exited: '=',
    'port taken': '=',
    gone: '=',
    'cannot start': '=',
    timer: '=',
  },
  exited: {
    up: 'waiting(start) up fresh',
    down: 'stopped down fresh',
    restart: 'waiting(restart) up fresh',
    edit: 'waiting(edit) up fresh',
    ready: '=',
    exited: '=',
    'port taken': '=',
    gone: '=',
    'cannot start': '=',
    timer: '=',
  },
};

const rows = Object.keys(TABLE) as Row[];
const columns = Object.keys(EVENTS) as Column[];

describe.each(rows)('%s', (row) => {
  it.each(columns)('on %s', (column) => {
    const service = SERVICES[row];
    const result = transition(service, EVENTS[column], NOW);
    const same = JSON.stringify(result.service) === JSON.stringify(service) && result.effects.length === 0;
    expect(same ? '=' : inWords(result.service, result.effects)).toBe(TABLE[row][column]);
  });

  it('takes no notice of another run, nor of an earlier timer', () => {
    const service = SERVICES[row];
    const others: ServiceEvent[] = [
      { kind: 'ready', run: 2 },
      { kind: 'exited', run: 2, exit: EXIT, portTaken: null },
      { kind: 'exited', run: 4, exit: EXIT, portTaken: TAKEN },
      { kind: 'gone', run: 2 },
      { kind: 'cannot-start', run: 4, reason: LOST },
      { kind: 'timer', epoch: 6 },
      { kind: 'timer', epoch: -1 },
    ];
    for (const event of others) expect(transition(service, event, NOW)).toEqual({ service, effects: [] });
  });

  it('has a new epoch with every new state, and only then needs a new timer', () => {
    const service = SERVICES[row];
    for (const column of columns) {
      const after = transition(service, EVENTS[column], NOW).service;
      if (after.state.kind !== service.state.kind) expect(after.epoch).toBe(service.epoch + 1);
    }
  });
});

describe('an exit', () => {
  it('is remembered, and told with how long the run lasted', () => {
    const { service, effects } = transition(SERVICES.ready, EVENTS.exited, NOW);
    expect(service.lastExit).toEqual(EXIT);
    expect(effects[0]).toEqual({
      kind: 'note',
      note: { kind: 'run-ended', service: 'web', run: 3, exit: EXIT, cause: null, lasted: 20_000 },
    });
  });

  it('while it is stopped has the cause of the stop', () => {
    const { effects } = transition(SERVICES.stopping, EVENTS.exited, NOW);
    expect(effects).toMatchObject([{ note: { kind: 'run-ended', cause: STOP } }]);
  });

  it('of the last that had the sockets, when no shim holds them, has the next launch bind anew', () => {
    const service = { ...SERVICES.ready, sockets: ['3000/::'] };
    const unguarded: ServiceEvent = { ...EVENTS.exited, unguarded: true };
    expect(transition(service, unguarded, NOW).service).toMatchObject({ sockets: [], restartHow: 'release' });
    expect(transition(service, EVENTS.exited, NOW).service.sockets).toEqual(['3000/::']);
    const retiring = [{ run: 2, since: 0, how: 'drain', end: BY_CLI, untold: false }] as const;
    expect(transition({ ...service, retiring }, unguarded, NOW).service.sockets).toEqual(['3000/::']);
  });

  it.each([
    ['never', { code: 1 }, 'exited'],
    ['never', { code: 0 }, 'exited'],
    ['on-failure', { code: 0 }, 'exited'],
    ['on-failure', { code: 3 }, 'backoff'],
    ['on-failure', { signal: 'SIGKILL' }, 'backoff'],
    ['on-failure', { unknown: true }, 'backoff'],
    ['always', { code: 0 }, 'backoff'],
  ] as const)('under the policy %s with %o leads to %s', (policy, exit, state) => {
    const spec = specOf('web', { restart: { policy, delay: null, maxFailures: 5, window: 60_000 } });
    const event: ServiceEvent = { kind: 'exited', run: 3, exit, portTaken: null };
    expect(transition({ ...SERVICES.starting, spec }, event, NOW).service.state.kind).toBe(state);
  });

  it('that is one too many parks the service, with the count', () => {
    const service = { ...SERVICES.starting, failures: [NOW - 4, NOW - 3, NOW - 2, NOW - 1] };
    const { state } = transition(service, EVENTS.exited, NOW).service;
    expect(state).toEqual({ kind: 'crashed', reason: { kind: 'failures', count: 5, window: 60_000 } });
  });
});

describe('an edit after which no run could be started', () => {
  const hopeless: ServiceEvent = { kind: 'edit', files: ['.env'], hopeless: 'no .env' };

  it('leaves a run alone that would be stopped first, and is told', () => {
    const { service, effects } = transition({ ...SERVICES.ready, mode: 'plain' }, hopeless, NOW);
    const failed = { run: 4, cause: { kind: 'edit', files: ['.env'] }, exit: null, message: 'no .env' };
    expect(service).toMatchObject({ restartAsked: null, lastRun: 4, state: { run: 3, failedEdit: failed } });
    expect(effects).toMatchObject([{ note: { kind: 'edit-failed', service: 'web', ...failed } }]);
    // The next one that can be is begun.
    expect(transition(service, EVENTS.edit, NOW).service.restartAsked).not.toBeNull();
  });

  it('is as every other where nothing serves, or the new run comes beside it', () => {
    for (const service of [SERVICES.starting, SERVICES.crashed, { ...SERVICES.ready, mode: 'swap' } as const])
      expect(transition(service, hopeless, NOW)).toEqual(
        transition(service, { kind: 'edit', files: ['.env'] }, NOW),
      );
  });
});

describe('launch', () => {
  const waiting = serviceIn({ kind: 'waiting', cause: BY_CLI }, { restarts: 4 });

  it('takes the next number, arms the timer for being ready, and tells', () => {
    const { service, effects } = launch(waiting, BY_CLI, NOW);
    expect(service).toMatchObject({ lastRun: 4, state: { kind: 'starting', run: 4, since: NOW } });
    expect(effects).toEqual([
      { kind: 'launch', service: 'web', run: 4, cause: BY_CLI, gate: 'open' },
      { kind: 'timer', service: 'web', at: NOW + READY_TIMEOUT, epoch: service.epoch },
      { kind: 'note', note: { kind: 'run-started', service: 'web', run: 4, cause: BY_CLI } },
    ]);
  });

  it.each<[Cause, number]>([
    [{ kind: 'start', by: 'cli' }, 0],
    [{ kind: 'boot' }, 0],
    [{ kind: 'dependency', service: 'needs-web' }, 0],
    [{ kind: 'dependency', service: 'db' }, 5],
    [{ kind: 'crash', exit: EXIT }, 5],
    [{ kind: 'edit', files: [] }, 5],
    [{ kind: 'restart', by: 'cli' }, 5],
    [{ kind: 'config' }, 5],
  ])('because of %o makes it restart number %d', (cause, restarts) => {
    const service = { ...waiting, spec: specOf('web', { dependsOn: [dependsOn('db')] }) };
    expect(launch(service, cause, NOW).service.restarts).toBe(restarts);
  });
});

describe('beginStop', () => {
  it('sends the signal and arms the timer for killing', () => {
    const { service, effects } = beginStop(SERVICES.ready, STOP, null, NOW);
    expect(service.state).toEqual({ ...stopping(null, false), since: 80_000, killAt: NOW + GRACE });
    expect(effects).toEqual([
      { kind: 'terminate', service: 'web', run: 3, drain: 0 },
      { kind: 'timer', service: 'web', at: NOW + GRACE, epoch: service.epoch },
    ]);
  });

  it.each(['stopped', 'waiting', 'stopping', 'backoff', 'crashed', 'exited'] as const)('%s: no', (row) => {
    const service = SERVICES[row];
    expect(beginStop(service, STOP, null, NOW)).toEqual({ service, effects: [] });
  });
});

function stopping(next: Cause | null, killed: boolean): ServiceState {
  return { kind: 'stopping', run: 3, since: 90_000, end: STOP, next, killAt: 104_000, killed, untold: false };
}

function inWords(service: Service, effects: Effect[]): string {
  const { state } = service;
  const words = [
    detail(state),
    ...('killed' in state && state.killed ? ['killed'] : []),
    ...('next' in state && state.next !== null ? [`then(${state.next.kind})`] : []),
    service.wanted ? 'up' : 'down',
    ...(service.restartAsked === null ? [] : [`restart-asked(${service.restartAsked.kind})`]),
    ...(service.stopAsked === null ? [] : ['stop-asked']),
    ...('late' in state && state.late !== null ? ['late'] : []),
    ...(service.failures.length === 0 && service.attempt === 0 ? ['fresh'] : []),
  ];
  return [words, effects.map(effectWord)].map((part) => part.join(' ')).join(effects.length > 0 ? ' | ' : '');
}

function detail(state: ServiceState): string {
  if (state.kind === 'waiting') return `waiting(${state.cause.kind})`;
  if (state.kind === 'backoff') return `backoff(${state.delay})`;
  return state.kind === 'crashed' ? `crashed(${state.reason.kind})` : state.kind;
}

function effectWord(effect: Effect): string {
  if (effect.kind === 'timer') return `timer@${effect.at}`;
  return effect.kind === 'note' ? effect.note.kind : effect.kind;
}
