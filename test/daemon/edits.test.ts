/** What an edit is worth when something else happens to its service in the same moment. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DaemonWorld } from '../../src/daemon/daemon-world.ts';
import { connectEdits } from '../../src/daemon/edits.ts';
import type { Engine } from '../../src/daemon/engine.ts';
import type { ServiceEvent } from '../../src/supervisor/events.ts';
import { eventually } from '../rig/eventually.ts';
import { specOf } from '../supervisor/services.ts';

/** An event so soon after a start may be of what the run has loaded. */
const beyond = (startedAt: number) => eventually(() => Date.now() > startedAt + 100, 'a while passes');

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'upkeep-edits-'));
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'src/web.js'), 'one');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** What the edits need of an engine; what they tell it goes to `told`. */
function fakeEngine(told: ServiceEvent[], its: object): Engine {
  const rest = {
    config: { logDir: join(root, 'logs') },
    onChange: () => () => {},
    touch: () => {},
    dispatchAll: (all: { event: ServiceEvent }[]) => told.push(...all.map(({ event }) => event)),
  };
  // As they are: `services` is asked for anew each time.
  return Object.defineProperties(rest, Object.getOwnPropertyDescriptors(its)) as unknown as Engine;
}

const connected = (engine: Engine) =>
  connectEdits(
    engine,
    { paths: { root, runs: join(root, 'runs') }, env: {} } as unknown as DaemonWorld,
    () => {},
  );

it('its run on trial is set aside when the configuration is taken over, and the edit is found anew, also when that run was just about to be launched', async () => {
  const spec = { ...specOf('web'), cwd: root };
  const watch = { ...spec.watch, enabled: true, include: [join(root, 'src/**')], quiet: 300 };
  const record = { run: 1, startedAt: Date.now(), readyAt: Date.now(), exit: null };
  let successor: object | null = null;
  let group = 'one';
  const told: ServiceEvent[] = [];
  const service = () => ({
    spec: { ...spec, watch, groups: [group] },
    wanted: true,
    retiring: [],
    lastRun: successor === null ? 1 : 2,
    state: { kind: 'ready', run: 1, successor },
  });
  const engine = fakeEngine(told, {
    get services() {
      return new Map([['web', service()]]);
    },
    runtime: () => ({ record, obstacle: () => null }),
    dispatch: (_: string, event: ServiceEvent) => {
      told.push(event);
      if (event.kind === 'trial') successor = { run: 2, trial: true, phase: 'starting' };
      if (event.kind === 'trial-stale') successor = null;
    },
  });
  const edits = connected(engine);
  const kinds = () => told.map(({ kind }) => kind);
  try {
    edits.refresh();
    await edits.settle([]);
    await beyond(record.startedAt);
    writeFileSync(join(root, 'src/web.js'), 'two');
    await eventually(() => kinds().includes('trial'), 'its run is begun on trial');
    // For another service, say.
    edits.refresh();
    expect(kinds()).toEqual(['trial']);
    group = 'another';
    edits.refresh();
    expect(kinds()).toEqual(['trial', 'trial-stale']);
    edits.launched('web', 2, true);
    await eventually(() => kinds().length > 2, 'the edit is found anew');
    expect(['trial', 'edit']).toContain(kinds()[2]);
  } finally {
    edits.close();
  }
});

it.each([
  { newer: 2, told: [] },
  { newer: 1, told: ['edit'] },
])(
  'with run $newer there by the time it is told, after a change that was seen with run 1: $told',
  async ({ newer, told: expected }) => {
    // Not the folder of the file, of which it would be waited for how exactly its runs are followed.
    const spec = { ...specOf('web'), cwd: join(root, 'elsewhere') };
    const watch = { ...spec.watch, enabled: true, include: [join(root, 'src/**')], quiet: 0 };
    const record = { run: 1, startedAt: Date.now(), readyAt: Date.now(), exit: null };
    let run = 1;
    let isAsked = false;
    const told: ServiceEvent[] = [];
    const services = new Map([['web', { spec: { ...spec, watch }, wanted: true, retiring: [] }]]);
    const engine = fakeEngine(told, {
      get services() {
        if (isAsked) queueMicrotask(() => (run = newer));
        return new Map(
          [...services].map(([name, its]) => [
            name,
            { ...its, lastRun: run, state: { kind: 'ready', run, successor: null } },
          ]),
        );
      },
      runtime: () => ({ record, obstacle: () => null }),
    });
    const edits = connected(engine);
    try {
      edits.refresh();
      await edits.settle([]);
      await beyond(record.startedAt);
      isAsked = true;
      writeFileSync(join(root, 'src/web.js'), 'two');
      await eventually(async () => {
        await edits.settle([join(root, 'src/web.js')]);
        return told.length > 0 || run > 1;
      }, 'it is told, or outrun');
      await edits.settle([]);
      expect(told.map(({ kind }) => kind)).toEqual(expected);
    } finally {
      edits.close();
    }
  },
);

it('what its run on trial had loaded counts once that came in the place of one that ended, also when the edit is taken back', async () => {
  const file = join(root, 'src/web.js');
  const spec = { ...specOf('web'), cwd: root };
  const watch = { ...spec.watch, enabled: true, include: [join(root, 'src/**')], quiet: 1000 };
  const record = { run: 1, startedAt: Date.now(), readyAt: Date.now(), exit: null };
  let state: object = { kind: 'ready', run: 1, successor: null };
  let looks = 0;
  const told: ServiceEvent[] = [];
  const engine = fakeEngine(told, {
    get services() {
      const lastRun = record.run;
      return new Map([['web', { spec: { ...spec, watch }, wanted: true, retiring: [], lastRun, state }]]);
    },
    runtime: () => {
      looks++;
      return { record, obstacle: () => null };
    },
    dispatch: (_: string, event: ServiceEvent) => {
      told.push(event);
      if (event.kind === 'trial')
        state = { kind: 'ready', run: 1, successor: { run: 2, trial: true, phase: 'starting' } };
    },
  });
  const edits = connected(engine);
  const kinds = () => told.map(({ kind }) => kind);
  try {
    edits.refresh();
    await edits.settle([]);
    await beyond(record.startedAt);
    writeFileSync(file, 'two');
    await eventually(() => kinds().includes('trial'), 'its run is begun on trial');
    edits.launched('web', 2, true);
    // Run 1 ends, and this one serves.
    Object.assign(record, { run: 2, startedAt: Date.now() });
    state = { kind: 'ready', run: 2, successor: null };
    await beyond(record.startedAt);
    const before = looks;
    writeFileSync(file, 'three');
    await eventually(() => looks > before, 'what it has loaded is looked at again');
    writeFileSync(file, 'one');
    // Whether another one is tried before the burst is over is all the same.
    await eventually(() => kinds().includes('edit'), 'the run that serves is replaced');
  } finally {
    edits.close();
  }
});
