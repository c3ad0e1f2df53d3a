/** A service's runs as the daemon holds them, over a made-up machine: what ends with what. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ResolvedService } from '../../src/contract/config.ts';
import { ServiceRuntime } from '../../src/daemon/service-runtime.ts';
import { runFolder } from '../../src/process/run-folder.ts';
import { BY_CLI, specOf } from '../supervisor/services.ts';
import { createMachine, type Machine, type MachineRun } from './machine.ts';

const PORT = 4_000;
const SPEC = specOf('web', { ready: { kind: 'port', port: PORT } });
let root: string;
let machine: Machine;
let told: string[];
let open: ServiceRuntime[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  root = mkdtempSync(join(tmpdir(), 'upkeep-runtime-'));
  machine = createMachine(root);
  told = [];
  open = [];
});
afterEach(() => {
  for (const runtime of open) runtime.close();
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

function openRuntime(spec: ResolvedService = SPEC): ServiceRuntime {
  const runtime = new ServiceRuntime(spec, machine.world, join(root, 'logs'), {
    ready: (run) => told.push(`ready ${run}`),
    exited: (run) => told.push(`exited ${run}`),
    drained: (run) => told.push(`drained ${run}`),
    gone: (run) => told.push(`gone ${run}`),
    cannotStart: (run) => told.push(`cannot-start ${run}`),
    sockets: () => {},
    changed: () => {},
  });
  open.push(runtime);
  return runtime;
}

/** As a new daemon: the runs of the one before are on disk and on the machine. */
function nextDaemon(): ServiceRuntime {
  for (const runtime of open.splice(0)) runtime.close();
  machine.forgetDaemon();
  return openRuntime();
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function launch(runtime: ServiceRuntime, number: number): Promise<MachineRun> {
  runtime.launch(number, BY_CLI, 'open');
  return runOf(number);
}

async function runOf(number: number): Promise<MachineRun> {
  for (;;) {
    const run = machine.runs.find((each) => each.run === number);
    if (run !== undefined) return run;
    await turn();
  }
}

/** Nothing asks whether a port answers. */
async function expectNoQuestions(): Promise<void> {
  const before = machine.questions();
  await pass(10_000);
  expect(machine.questions() - before).toBe(0);
}

function recordOf(number: number) {
  const record = runFolder(machine.world.paths.runs, 'web', number).load();
  if (record === null) throw new Error(`no record of run ${number}`);
  return record;
}

it('asks until a run listens, and then no more', async () => {
  const run = await launch(openRuntime(), 1);
  machine.begin(run);
  await pass(1_000);
  expect(machine.questions()).toBeGreaterThan(10);
  machine.listen(run, PORT);
  await pass(1_000);
  expect(told).toEqual(['ready 1']);
  await expectNoQuestions();
});

it.each([
  ['by a delay, perhaps before the shim has come to read it', { kind: 'delay', ms: 0 } as const, true],
  ['by its own work', SPEC.ready, false],
])('the script of a run that is ready %s', async (_, ready, stays) => {
  const runtime = openRuntime(specOf('web', { ready }));
  const run = await launch(runtime, 1);
  machine.begin(run);
  machine.listen(run, PORT);
  await pass(1_000);
  expect(told).toEqual(['ready 1']);
  await turn();
  await turn();
  expect(existsSync(join(runFolder(machine.world.paths.runs, 'web', 1).path, 'start'))).toBe(stays);
});

it('a run that ends while its adoption waits for the shim leaves no check behind', async () => {
  const run = await launch(openRuntime(), 1);
  const next = nextDaemon();
  const adopted = next.adopt(recordOf(1));
  machine.begin(run);
  machine.end(run, { code: 1 });
  for (const answer of machine.syncs.splice(0)) answer();
  await adopted;
  expect(told).toEqual(['exited 1']);
  await expectNoQuestions();
});

it('nor does one whose successor is ready by then', async () => {
  const run = await launch(openRuntime(), 1);
  const next = nextDaemon();
  const adopted = next.adopt(recordOf(1));
  machine.begin(run);
  machine.end(run, { code: 1 });
  const successor = await launch(next, 2);
  machine.begin(successor);
  machine.listen(successor, PORT);
  await pass(1_000);
  for (const answer of machine.syncs.splice(0)) answer();
  await adopted;
  expect(told).toEqual(['exited 1', 'ready 2']);
  await expectNoQuestions();
});

it('one that became ready while its adoption waited is not asked for again', async () => {
  const run = await launch(openRuntime(), 1);
  const next = nextDaemon();
  const adopted = next.adopt(recordOf(1));
  machine.begin(run);
  machine.listen(run, PORT);
  await pass(1_000);
  for (const answer of machine.syncs.splice(0)) answer();
  await adopted;
  await pass(1_000);
  expect(told).toEqual(['ready 1']);
});

it('an adopted run that listens is ready', async () => {
  const run = await launch(openRuntime(), 1);
  machine.begin(run);
  await nextDaemon().adopt(recordOf(1));
  machine.listen(run, PORT);
  await pass(1_000);
  expect(told).toEqual(['ready 1']);
});

it('a run that was given up as never begun, and begins all the same, is not asked for', async () => {
  const run = await launch(openRuntime(), 1);
  const next = nextDaemon();
  const adopted = next.adopt(recordOf(1));
  run.lost = true;
  for (const answer of machine.syncs.splice(0)) answer();
  expect(await adopted).toBe(false);
  next.abandon(1);
  expect(told).toEqual(['exited 1']);
  machine.runs.push({ ...run, lost: false });
  machine.begin(machine.runs[0] ?? run);
  await expectNoQuestions();
});

it.each(['terminate', 'kill'] as const)(
  '%s before it has said who it is: it is not asked for',
  async (end) => {
    const runtime = openRuntime();
    const run = await launch(runtime, 1);
    if (end === 'kill') runtime.kill(1);
    else runtime.terminate(1, 0);
    machine.begin(run);
    await expectNoQuestions();
  },
);

it('stopped while it is about to be launched, it is never launched', async () => {
  const runtime = openRuntime();
  runtime.launch(1, BY_CLI, 'open');
  runtime.terminate(1, 0);
  await turn();
  await turn();
  expect([machine.runs, told]).toEqual([[], ['gone 1']]);
  await expectNoQuestions();
});

describe('a launch for which the machine has no room', () => {
  /** Until `left` tries have failed. */
  const withoutRoom = (left: number, code: string) => {
    const { openRuns } = machine.world;
    machine.world.openRuns = (world, events) => {
      const runs = openRuns(world, events);
      const { launch } = runs;
      runs.launch = (record, script) => {
        if (left-- <= 0) return launch(record, script);
        // As far as it came before the disk was full.
        mkdirSync(runFolder(machine.world.paths.runs, 'web', record.run).path, { recursive: true });
        throw Object.assign(new Error(`${code}: no room`), { code });
      };
      return runs;
    };
  };

  it.each(['EMFILE', 'ENOSPC', 'EAGAIN'])('is tried again until it has (%s)', async (code) => {
    withoutRoom(3, code);
    const runtime = openRuntime();
    runtime.launch(1, BY_CLI, 'open');
    await pass(0);
    expect(runtime.detail).toBe(`cannot be started for now: ${code}: no room`);
    for (let tries = 0; tries < 3; tries++) {
      await turn();
      await pass(3_000);
    }
    const run = await runOf(1);
    machine.begin(run);
    machine.listen(run, PORT);
    await pass(1_000);
    expect(told).toEqual(['ready 1']);
  });

  it('is called off when it is stopped meanwhile', async () => {
    withoutRoom(1, 'EMFILE');
    const runtime = openRuntime();
    runtime.launch(1, BY_CLI, 'open');
    await turn();
    runtime.terminate(1, 0);
    await pass(10_000);
    await turn();
    expect([machine.runs, told]).toEqual([[], ['gone 1']]);
    await expectNoQuestions();
  });
});

it('two runs may live at once, and each has its own record and check', async () => {
  const runtime = openRuntime();
  const old = await launch(runtime, 1);
  machine.begin(old);
  machine.listen(old, PORT);
  await pass(1_000);
  const fresh = await launch(runtime, 2);
  machine.begin(fresh);
  runtime.terminate(1, 0);
  machine.end(old, { signal: 'SIGTERM' });
  expect(runtime.detail).toBe(`port ${PORT} not yet listened on`);
  machine.listen(fresh, PORT);
  await pass(1_000);
  expect(told).toEqual(['ready 1', 'exited 1', 'gone 1', 'ready 2']);
  await pass(1_000);
  expect(recordOf(1)).toMatchObject({ run: 1, exit: { signal: 'SIGTERM' } });
  expect(recordOf(2)).toMatchObject({ run: 2, exit: null });
  await expectNoQuestions();
});

it('an adopted run is ready by what it was launched by, whatever the configuration says by now', async () => {
  const run = await launch(openRuntime(), 1);
  machine.begin(run);
  for (const runtime of open.splice(0)) runtime.close();
  machine.forgetDaemon();
  const next = openRuntime(specOf('web', { ready: { kind: 'port', port: PORT + 1 } }));
  await next.adopt(recordOf(1));
  machine.listen(run, PORT);
  await pass(1_000);
  expect(told).toEqual(['ready 1']);
});

it('what it was launched by is for nobody else to read, and gone when it is ready', async () => {
  const secret = specOf('web', { ready: { kind: 'port', port: PORT }, env: { TOKEN: 'secret' } });
  const run = await launch(openRuntime(secret), 1);
  const check = join(runFolder(machine.world.paths.runs, 'web', 1).path, 'check');
  expect(readFileSync(check, 'utf8')).toContain('secret');
  expect(statSync(check).mode & 0o777).toBe(0o600);
  machine.begin(run);
  machine.listen(run, PORT);
  await pass(1_000);
  expect(existsSync(check)).toBe(false);
});
