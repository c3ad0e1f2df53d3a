/** Status from files and the kernel, with the daemon dead or alive and processes killed behind its back. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nowLine } from '../../src/cli/why/now.ts';
import { dayAndTime } from '../../src/contract/clock.ts';
import type { ProcessId } from '../../src/contract/process-id.ts';
import { NO_SWAP, type ServiceState } from '../../src/contract/service-state.ts';
import type { ServiceSnapshot } from '../../src/contract/snapshot.ts';
import { StatusReport } from '../../src/contract/status.ts';
import { writeJson } from '../../src/platform/files.ts';
import { workspacePaths } from '../../src/platform/paths.ts';
import { systemProcesses } from '../../src/platform/proc.ts';
import { renderStatus } from '../../src/status/render.ts';
import { readReport } from '../../src/status/report.ts';

const processes = systemProcesses();
const READY: ServiceState = {
  kind: 'ready',
  run: 3,
  cause: { kind: 'boot' },
  since: 1,
  readyAt: 2,
  ...NO_SWAP,
};
const plain = (text: string) => text;
const PLAIN = { green: plain, red: plain, yellow: plain, dim: plain };
let root: string;
let child: ChildProcess;
let alive: ProcessId;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'upkeep-status-'));
  mkdirSync(workspacePaths(root).own);
  child = spawn('sleep', ['1000']);
  await new Promise((resolve) => child.once('spawn', resolve));
  alive = { pid: child.pid ?? 0, start: processes.get(child.pid ?? 0)?.start ?? 0 };
});
afterEach(async () => {
  const gone =
    child.exitCode !== null ||
    child.signalCode !== null ||
    new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  rmSync(root, { recursive: true, force: true });
});

function report(state: ServiceState, changes: Partial<ServiceSnapshot> = {}, boot = processes.bootId()) {
  const service: ServiceSnapshot = {
    name: 'web',
    description: '',
    groups: [],
    ports: [],
    url: 'http://localhost:3000',
    wanted: true,
    state,
    restartAsked: null,
    restartHow: 'swap',
    retiring: [],
    sockets: [],
    stopAsked: null,
    failures: [],
    attempt: 0,
    lastRun: 3,
    lastExit: null,
    lastCause: { kind: 'edit', files: ['a.js'] },
    restarts: 2,
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
  writeJson(workspacePaths(root).snapshot, {
    version: 1,
    boot,
    daemon: { process: { pid: 1, start: 1 }, version: '0', startedAt: '' },
    written: { now: 1_000, wall: 1_700_000_000_000 },
    notes: ['of the daemon'],
    services: [service],
  });
  const found = readReport(root);
  if (found === null) throw new Error('no report');
  const [web] = StatusReport.parse(found).services;
  if (web === undefined) throw new Error('no service');
  const text = renderStatus(found, 1_700_000_060_000, null, PLAIN);
  return { web, found, text };
}

it('is nothing where no daemon ever ran, or left only rubbish', () => {
  expect(readReport(root)).toBeNull();
  writeFileSync(workspacePaths(root).snapshot, '{"services": ');
  expect(readReport(root)).toBeNull();
});

it('tells of a process that lives, though the daemon does not', async () => {
  // Right after exec(2) the kernel counts no page of it.
  await vi.waitFor(() => expect(report(READY, { process: alive }).web.memory).toBeGreaterThan(0));
  const { web, found, text } = report(READY, { process: alive, startedAt: 1_700_000_000_000 });
  expect(web).toMatchObject({
    state: 'ready',
    ready: true,
    pid: alive.pid,
    startedAt: '2023-11-14T22:13:20.000Z',
  });
  expect(web.memory).toBeGreaterThan(0);
  expect([found.daemon, found.notes]).toEqual([null, []]);
  expect(text).toMatch(/web +ready +http:\/\/localhost:3000 +\d+ +1 m 00 s +2 .* edit a\.js/);
  expect(text).toContain('1 of 1 ready, daemon not running');
});

it.each([
  ['somebody else with its pid', () => ({ ...alive, start: alive.start - 1 })],
  ['nobody', () => ({ pid: 2 ** 22 + 1, start: 5 })],
])('does not take %s for it', (_, process) => {
  const { web } = report(READY, { process: process(), startedAt: 5 });
  expect(web).toMatchObject({ state: 'exited', ready: false, pid: null, memory: null, startedAt: null });
  expect(report(READY, { process: process(), wanted: false }).web.state).toBe('stopped');
});

it('takes nothing for alive that an earlier boot had', () => {
  expect(report(READY, { process: alive }, 'another').web).toMatchObject({ state: 'stopped', pid: null });
  const backoff: ServiceState = { kind: 'backoff', exit: { code: 1 }, until: 3_000, delay: 400 };
  expect(report(backoff, {}, 'another').web.state).toBe('stopped');
});

it('says that a server no longer answers on the port where it did', () => {
  const { web, text } = report(READY, { process: alive, ports: [1], listening: { port: 1, family: 4 } });
  expect(web).toMatchObject({ state: 'ready', ready: false, notes: ['nothing listens on port 1 any more'] });
  expect(text).toContain('not answering');
});

it('does not read the tables for a socket that is still open', () => {
  const trace = { link: '/proc/self/exe', socket: process.execPath };
  const listening = { port: 1, family: 4, trace } as const;
  expect(report(READY, { process: alive, ports: [1], listening }).web).toMatchObject({
    ready: true,
    notes: [],
  });
});

it('says what a service waits for', () => {
  const { web, text } = report({ kind: 'waiting', cause: { kind: 'boot' } }, { waitingFor: ['db'] });
  expect(web).toMatchObject({ state: 'starting', waitingFor: ['db'] });
  expect(text).toMatch(/web +waiting/);
  expect(text).toContain('web: waits for db');
});

it('says when it tries again, by the clock on the wall', () => {
  const backoff: ServiceState = { kind: 'backoff', exit: { code: 1 }, until: 3_000, delay: 400 };
  const { web, text } = report(backoff, { lastExit: { code: 1 } });
  expect(web.retryAt).toBe('2023-11-14T22:13:22.000Z');
  expect(text).toContain(
    `web: exit 1, next try at ${dayAndTime(Date.parse(web.retryAt ?? ''), 1_700_000_060_000)}\n`,
  );
});

it('says that a written mode has no effect, and nothing of one that was chosen', () => {
  const why = 'no port is declared that could be held ("port"), so "mode: swap" has no effect';
  const dropped = report(READY, { mode: 'plain', modeReason: why });
  expect(dropped.web).toMatchObject({ mode: 'plain', modeReason: why });
  expect(dropped.text).toContain(`web: mode plain: ${why}`);
  expect(nowLine('web', dropped.web)).toContain(`Mode plain: ${why}.`);
  const chosen = report(READY, { mode: 'plain', modeReason: 'its command is not known' });
  expect(chosen.text).not.toContain('mode plain');
  const lost = report({ ...READY, unheld: 'port 0' }, { mode: 'swap', modeReason: 'so' });
  expect(nowLine('web', lost.web)).toContain('Mode plain: port 0 (its rule is swap).');
});

it('says why it is parked, and what to do', () => {
  const reason = { kind: 'failures', count: 5, window: 60_000 } as const;
  const { web, text } = report({ kind: 'crashed', reason }, { lastExit: { code: 1 } });
  expect(web).toMatchObject({ state: 'crashed', reason });
  expect(text).toContain('web: failed 5 times within 60 s, last with exit 1; an edit, "upkeep start"');
});

it('shows how it ended, that its configuration is older, and remarks', () => {
  const { text } = report(
    { kind: 'exited', exit: { code: 0 } },
    { lastExit: { code: 0 }, configChanged: true, notes: ['a remark'] },
  );
  expect(text).toMatch(/web +exited .* exit 0\n/);
  expect(text).toContain('web: runs with an older configuration');
  expect(text).toContain('web: a remark');
});
