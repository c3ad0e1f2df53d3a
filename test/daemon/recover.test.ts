/** What a daemon makes of what an earlier one left, at whatever instant that was killed. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResolvedConfig } from '../../src/contract/config.ts';
import type { Cause, Exit } from '../../src/contract/facts.ts';
import { NO_SWAP, NOT_HELD, type ServiceState } from '../../src/contract/service-state.ts';
import type { ServiceSnapshot } from '../../src/contract/snapshot.ts';
import { SNAPSHOT_VERSION } from '../../src/contract/version.ts';
import { recover } from '../../src/daemon/recover.ts';
import { writeStateFile } from '../../src/daemon/state-file.ts';
import { writeJson } from '../../src/platform/files.ts';
import { type WorkspacePaths, workspacePaths } from '../../src/platform/paths.ts';
import { createRunFolder, type RunRecord } from '../../src/process/run-folder.ts';
import { BY_CLI, specOf } from '../supervisor/services.ts';

const BOOT = 'this-boot';
const NOW = 9_000;
const EDIT: Cause = { kind: 'edit', files: ['a.js'] };
let root: string;
let paths: WorkspacePaths;
let config: ResolvedConfig;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'upkeep-recover-'));
  paths = workspacePaths(root);
  mkdirSync(paths.own);
  config = { workspace: root, file: '', sources: [], logDir: join(root, 'logs'), services: [specOf('web')] };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function record(run: number, changes: Partial<RunRecord> = {}): void {
  const whole: RunRecord = {
    service: 'web',
    run,
    cause: EDIT,
    slot: 0,
    startedAt: 1,
    readyAt: null,
    endedAt: null,
    exit: null,
    process: null,
    boot: BOOT,
    config: '',
    ...changes,
  };
  createRunFolder(paths.runs, whole, '');
}

function snapshot(state: ServiceState, changes: Partial<ServiceSnapshot> = {}, boot = BOOT): void {
  const service: ServiceSnapshot = {
    name: 'web',
    description: '',
    groups: [],
    ports: [],
    url: null,
    wanted: true,
    state,
    restartAsked: null,
    restartHow: 'swap',
    retiring: [],
    sockets: [],
    stopAsked: null,
    failures: [5_000],
    attempt: 2,
    lastRun: 'run' in state ? state.run : 3,
    lastExit: { code: 7 },
    lastCause: BY_CLI,
    restarts: 4,
    process: null,
    shim: null,
    standby: null,
    startedAt: null,
    listening: null,
    waitingFor: [],
    configChanged: false,
    notes: [],
    ...changes,
  };
  const daemon = { process: { pid: 1, start: 1 }, version: '0', startedAt: '' };
  writeJson(paths.snapshot, {
    version: SNAPSHOT_VERSION,
    boot,
    daemon,
    written: { now: 1, wall: 1 },
    notes: [],
    services: [service],
  });
}

function recovered(crashed = true) {
  const result = recover(config, paths, BOOT, { crashed, startsWanted: false }, NOW);
  const [web] = result.services;
  if (web === undefined) throw new Error('no service');
  return { ...result, web };
}

const starting = (run: number): ServiceState => ({
  kind: 'starting',
  run,
  cause: BY_CLI,
  since: 8_000,
  late: null,
  ...NOT_HELD,
});
const ready = (run: number): ServiceState => ({
  kind: 'ready',
  run,
  cause: BY_CLI,
  since: 8_000,
  readyAt: 8_500,
  ...NO_SWAP,
});
const BACKOFF: ServiceState = { kind: 'backoff', exit: { code: 1 }, until: 10_000, delay: 400 };

it('a new workspace has nothing', () => {
  const { web, open, ended, unread, notes } = recovered(false);
  expect(web).toMatchObject({ wanted: false, state: { kind: 'stopped' }, lastRun: 0 });
  expect([open, ended, unread, notes]).toEqual([[], [], [], []]);
});

describe('a run that was told of', () => {
  it('and of which nothing is on disk was never begun', () => {
    record(3, { exit: { code: 1 } });
    snapshot(starting(4));
    expect(recovered().notBegun).toEqual([{ service: 'web', run: 4 }]);
  });

  it('and that has a folder may have been begun', () => {
    record(4);
    snapshot(starting(4));
    expect(recovered().notBegun).toEqual([]);
  });
});

describe('after a daemon that ended on purpose', () => {
  it('nothing is wanted and nothing runs; numbers go on', () => {
    snapshot(ready(3));
    record(3, { exit: { code: 0 } });
    const { web, open, ended } = recovered(false);
    expect(web).toMatchObject({
      wanted: false,
      state: { kind: 'stopped' },
      lastRun: 3,
      lastExit: { code: 0 },
    });
    expect([open, ended]).toEqual([[], []]);
  });
});

describe('after a daemon that was killed', () => {
  it('what it knew is known: tally, counts, what was asked', () => {
    snapshot(ready(3), { stopAsked: { kind: 'stop', by: 'cli' }, wanted: false });
    record(3, { readyAt: 2 });
    expect(recovered().web).toMatchObject({
      wanted: false,
      stopAsked: { kind: 'stop' },
      failures: [5_000],
      attempt: 2,
      restarts: 4,
      state: ready(3),
    });
  });

  it.each([starting(3), ready(3)])('a run that its record calls open is to be adopted (%o)', (state) => {
    snapshot(state);
    record(3, state.kind === 'ready' ? { readyAt: 2 } : {});
    const { web, open, ended } = recovered();
    expect(web.state).toEqual(state);
    expect(open.map(({ run }) => run)).toEqual([3]);
    expect(ended).toEqual([]);
  });

  it('a run that had been found ready is so, though the snapshot says that it starts', () => {
    snapshot(starting(3));
    record(3, { readyAt: 2 });
    expect(recovered().web.state).toEqual({ ...ready(3), readyAt: NOW });
  });

  it('an end that had been written down is followed up', () => {
    snapshot(ready(3));
    record(3, { exit: { code: 1 }, readyAt: 2 });
    const { web, open, ended } = recovered();
    expect(web.state).toEqual(ready(3));
    expect(open).toEqual([]);
    expect(ended).toEqual([{ service: 'web', run: 3, exit: { code: 1 } }]);
  });

  it('a stop that was under way goes on', () => {
    const stopping: ServiceState = {
      kind: 'stopping',
      run: 3,
      since: 8_000,
      end: EDIT,
      next: EDIT,
      killAt: 12_000,
      killed: false,
      untold: false,
    };
    snapshot(stopping);
    record(3);
    expect(recovered().web.state).toEqual(stopping);
  });

  it('states without a run stay', () => {
    record(3, { exit: { code: 1 } });
    snapshot(BACKOFF);
    expect(recovered().web.state).toEqual(BACKOFF);
    expect(recovered().ended).toEqual([]);
  });
});

describe('a record ahead of the snapshot', () => {
  it.each([
    [null, 'starting'],
    [2, 'ready'],
  ])(
    'is right: the run of which the snapshot knows nothing is adopted (ready at %s: %s)',
    (readyAt, kind) => {
      snapshot(BACKOFF);
      record(3, { exit: { code: 1 } });
      record(4, { readyAt });
      const { web, open } = recovered();
      expect(web).toMatchObject({ lastRun: 4, lastCause: EDIT, lastExit: { code: 7 } });
      expect(web.state).toMatchObject({ kind, run: 4, cause: EDIT });
      expect(open.map(({ run }) => run)).toEqual([4]);
    },
  );

  it('that has even ended tells how', () => {
    snapshot(BACKOFF);
    record(4, { exit: { signal: 'SIGSEGV' } });
    expect(recovered().web).toMatchObject({ lastRun: 4, lastExit: { signal: 'SIGSEGV' }, state: BACKOFF });
  });
});

it('a run that ended and was followed after the last snapshot is read to its end', () => {
  snapshot(ready(3));
  record(3, { readyAt: 2 });
  writeFileSync(join(paths.runs, 'web', '3', 'exit'), '7\n');
  record(4);
  const { web, open, unread } = recovered();
  expect(web.state).toMatchObject({ kind: 'starting', run: 4 });
  expect(open.map(({ run }) => run)).toEqual([4]);
  expect(unread).toEqual([{ service: 'web', runs: [3] }]);
});

it('a successor that counts since the last snapshot is asked for its check again', () => {
  const successor = {
    run: 4,
    cause: EDIT,
    since: 8_600,
    phase: 'ready' as const,
    gated: ['3000/::'],
    held: [],
    trial: true,
  };
  snapshot({ ...ready(3), successor } as ServiceState, { lastRun: 4 });
  record(3, { readyAt: 2 });
  record(4, { gate: 'wait', readyAt: 3 });
  const { web } = recovered();
  expect(web.state).toMatchObject({
    kind: 'ready',
    run: 3,
    successor: { run: 4, trial: false, phase: 'starting' },
  });
});

describe('a record behind the snapshot', () => {
  it('means that the run never came to be: it is stopped, and wanted as before', () => {
    snapshot(starting(4));
    record(3, { exit: { code: 1 } });
    const { web, open, ended } = recovered();
    expect(web).toMatchObject({ wanted: true, state: { kind: 'stopped' }, lastRun: 4 });
    expect([open, ended]).toEqual([[], []]);
  });

  it('or that folders were removed', () => {
    snapshot(ready(4));
    expect(recovered().web).toMatchObject({ wanted: true, state: { kind: 'stopped' }, lastRun: 4 });
  });
});

describe('a snapshot that is of no use', () => {
  const WITHOUT: [string, () => void][] = [
    ['missing', () => {}],
    ['cut off', () => writeFileSync(paths.snapshot, '{"version": 1, "boo')],
    ['of another shape', () => writeJson(paths.snapshot, { version: 1, boot: BOOT, services: [{}] })],
    [
      'of a newer version',
      () => writeJson(paths.snapshot, { version: SNAPSHOT_VERSION + 1, boot: BOOT, services: [] }),
    ],
    ['of another boot', () => snapshot(ready(3), {}, 'another-boot')],
  ];

  it.each(WITHOUT)('(%s): the state file says what is wanted, the records what runs', (_, make) => {
    make();
    writeStateFile(paths.state, ['web'], 0);
    record(5, { readyAt: 2 });
    const { web, open } = recovered();
    expect(web).toMatchObject({ wanted: true, state: { kind: 'ready', run: 5 }, lastRun: 5, failures: [] });
    expect(open).toHaveLength(1);
  });

  describe.each(WITHOUT)('(%s): in the middle of a swap', (_, make) => {
    beforeEach(() => {
      make();
      writeStateFile(paths.state, ['web'], 0);
    });

    it('the run that serves and the one that was to follow it are known by their records', () => {
      record(5, { readyAt: 2 });
      record(6, { gate: 'wait' });
      const { web, open } = recovered();
      expect(web.state).toMatchObject({
        kind: 'ready',
        run: 5,
        successor: { run: 6, phase: 'starting', trial: false },
      });
      expect(open.map(({ run }) => run)).toEqual([5, 6]);
    });

    it('one on trial is set aside', () => {
      record(5, { readyAt: 2 });
      record(6, { gate: 'wait', trial: true });
      const { web } = recovered();
      expect(web.state).toMatchObject({ kind: 'ready', run: 5, successor: null });
      expect(web.retiring).toMatchObject([{ run: 6, how: 'discard', untold: true }]);
    });

    it('one that failed changes nothing of the one that serves', () => {
      record(5, { readyAt: 2 });
      record(6, { gate: 'wait', exit: { code: 1 } });
      expect(recovered().web).toMatchObject({ state: { kind: 'ready', run: 5 }, retiring: [], lastRun: 6 });
    });

    it('what finished what it was asked goes on to do so', () => {
      record(4, { readyAt: 1 });
      record(5, { readyAt: 2, gate: 'wait' });
      record(6, { readyAt: 3 });
      const { web, open } = recovered();
      expect(web).toMatchObject({
        state: { kind: 'ready', run: 6, successor: null },
        retiring: [
          { run: 4, how: 'drain' },
          { run: 5, how: 'drain' },
        ],
      });
      expect(open.map(({ run }) => run)).toEqual([4, 5, 6]);
    });
  });

  it.each(WITHOUT)('(%s): and without a state file nothing is wanted', (_, make) => {
    make();
    expect(recovered().web.wanted).toBe(false);
  });
});

it('a state file that cannot be read is told of', () => {
  writeFileSync(paths.state, '{');
  const { web, notes } = recovered();
  expect(web.wanted).toBe(false);
  expect(notes).toEqual(['.server-daemon-state.json was not readable and is written anew']);
});

it('one on trial that was written down and never begun is waited for by nobody', () => {
  record(5, { readyAt: 2 });
  snapshot(
    Object.assign(ready(5), {
      successor: { run: 6, cause: EDIT, since: 1, phase: 'starting', gated: [], held: [], trial: true },
    }),
  );
  const { web, open } = recovered();
  expect([web.retiring, open.map(({ run }) => run)]).toEqual([[], [5]]);
  expect(web.state).toMatchObject({ kind: 'ready', run: 5, successor: null });
});

it('runs of another boot are over, whatever their records say', () => {
  record(3, { boot: 'another-boot', readyAt: 2 });
  writeStateFile(paths.state, ['web'], 0);
  const { web, open, unread, down } = recovered();
  expect(open).toEqual([]);
  expect(down).toMatchObject([{ record: { run: 3 }, exit: { unknown: true } }]);
  writeFileSync(join(paths.runs, 'web', '3', 'exit'), '143\n');
  expect(recovered().down).toMatchObject([{ exit: { signal: 'SIGTERM' }, at: expect.any(Number) }]);
  expect(web).toMatchObject({ wanted: true, state: { kind: 'stopped' }, lastRun: 3 });
  expect(unread).toEqual([{ service: 'web', runs: [3] }]);
});

it('a folder with a record that cannot be read takes up its number, and is passed over', () => {
  record(3, { exit: { code: 0 } });
  record(4);
  writeFileSync(join(paths.runs, 'web', '4', 'run.json'), '{');
  expect(recovered().web).toMatchObject({ lastRun: 4, lastExit: { code: 0 } });
});

it('holds: whatever is on disk, a state with a run has its record, and numbers never go back', () => {
  const exit = fc.constantFrom<Exit | null>(null, { code: 1 });
  const stateOf = fc.oneof(
    fc.integer({ min: 1, max: 5 }).map(starting),
    fc.integer({ min: 1, max: 5 }).map(ready),
    fc.constant<ServiceState>({ kind: 'stopped' }),
    fc.constant(BACKOFF),
  );
  const records = fc.uniqueArray(
    fc.record({ run: fc.integer({ min: 1, max: 5 }), exit, sameBoot: fc.boolean() }),
    {
      selector: ({ run }) => run,
      maxLength: 4,
    },
  );
  fc.assert(
    fc.property(stateOf, records, (state, list) => {
      rmSync(paths.runs, { recursive: true, force: true });
      snapshot(state);
      for (const each of list)
        record(each.run, { exit: each.exit, boot: each.sameBoot ? BOOT : 'another-boot' });
      const { web, open, ended } = recovered();
      expect(web.lastRun).toBe(Math.max('run' in state ? state.run : 3, ...list.map(({ run }) => run)));
      if (!('run' in web.state)) {
        expect(open).toEqual([]);
        return;
      }
      const { run } = web.state;
      expect(existsSync(join(paths.runs, 'web', String(run)))).toBe(true);
      expect([...open, ...ended].map((each) => each.run)).toEqual([run]);
    }),
  );
});
