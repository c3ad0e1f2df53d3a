import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ServiceState, Successor } from '../../../src/contract/service-state.ts';
import { standbyProblem, standbyWish } from '../../../src/daemon/standby/wish.ts';
import { newService, type Service } from '../../../src/supervisor/state.ts';
import { BY_CLI, specOf } from '../../supervisor/services.ts';

const ready: Extract<ServiceState, { kind: 'ready' }> = {
  kind: 'ready',
  run: 3,
  cause: BY_CLI,
  since: 0,
  readyAt: 1,
  held: [],
  unheld: null,
  successor: null,
  failedEdit: null,
};
const service = (changes: Partial<Service> = {}): Service => ({
  ...newService(specOf('web', { standby: true }), 'swap'),
  wanted: true,
  state: ready,
  ...changes,
});

it.each<[string, Partial<Service>, string]>([
  ['serves', {}, 'prepare'],
  ['has not asked for it', { spec: specOf('web') }, 'none'],
  ['is not wanted', { wanted: false }, 'none'],
  ['is about to restart', { restartAsked: BY_CLI }, 'keep'],
  ['waits for its dependencies', { state: { kind: 'waiting', cause: BY_CLI } }, 'keep'],
  [
    'has crashed for good',
    { state: { kind: 'crashed', reason: { kind: 'cannot-start', message: '' } } },
    'none',
  ],
  ['is stopped', { state: { kind: 'stopped' } }, 'none'],
])('a service that %s', (_, changes, wish) => {
  expect(standbyWish(service(changes))).toBe(wish);
});

const auto = specOf('web', { standby: 'auto' });
const failedEdit = { run: 4, cause: BY_CLI, exit: null, message: '', at: 2 };

it.each<[string, Partial<Service>, string]>([
  ['has only been started', {}, 'none'],
  ['was restarted since', { restarts: 1 }, 'prepare'],
  ['has an edit that failed', { state: { ...ready, failedEdit } }, 'prepare'],
  ['is starting again', { restarts: 1, state: { kind: 'waiting', cause: BY_CLI } }, 'keep'],
])('a service that has not said whether, and that %s', (_, changes, wish) => {
  expect(standbyWish(service({ spec: auto, ...changes }))).toBe(wish);
});

it('none is prepared while a run is on its way to take over', () => {
  const successor: Successor = {
    run: 4,
    cause: BY_CLI,
    since: 2,
    phase: 'starting',
    gated: [],
    held: [],
    trial: true,
  };
  expect(standbyWish(service({ state: { ...ready, successor } }))).toBe('keep');
});

it.each([
  [['node', 'server.js'], null],
  [['python3', 'server.py'], 'its command is not known to start a Node program'],
  [['node', '--inspect=9230', 'server.js'], 'Node carries out --inspect before it could wait'],
  [['node', '--env-file', '.env', 'server.js'], 'Node carries out --env-file before it could wait'],
])('%j: %s', (argv, problem) => {
  expect(standbyProblem(specOf('web', { command: { argv } }), true)).toBe(problem);
});

it.each([
  ['rm -rf dist && node server.js', 'rm'],
  ['NODE_ENV=test node build.js && rm -rf dist && node server.js', null],
  ['npm run dev', null],
  ['npm run clean', 'rm'],
  ['cd app && npx tsx a.ts', null],
])('before the first Node program of "%s" comes %s', (shell, ahead) => {
  const cwd = mkdtempSync(join(tmpdir(), 'upkeep-ahead-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const scripts = { dev: 'node a.js', predev: 'node b.js', clean: 'node a.js', preclean: 'rm -rf dist' };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ scripts }));
  const problem = ahead === null ? null : `its command runs ${ahead} before its Node program`;
  expect(standbyProblem(specOf('web', { command: { shell }, cwd }), true)).toBe(problem);
});

it('what it may read by NODE_OPTIONS counts too, and each run needs a process group of its own', () => {
  const env = { NODE_OPTIONS: '--trace-warnings --inspect-brk' };
  expect(standbyProblem(specOf('web', { env }), true)).toMatch(/--inspect-brk/);
  expect(standbyProblem(specOf('web'), false)).toMatch(/setsid/);
});
