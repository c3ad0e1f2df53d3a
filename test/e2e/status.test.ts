/** Status tells the truth, also when there is no daemon and when a process was killed behind its back. */
import { spawnSync } from 'node:child_process';
import stringWidth from 'fast-string-width';
import { expect, it } from 'vitest';
import { isAlive, signalExactly } from '../rig/processes.ts';
import { testRig } from '../rig/rig.ts';
import { daemonsOf, guardOf, livingDaemon, nextDaemon, untilState } from './support.ts';

const HAS_WATCH = spawnSync('watch', ['--version']).status === 0;

it('before anything was started: every service, no daemon, and none is started by asking', async () => {
  const rig = await testRig();
  rig.configure({ web: { port: 4001, description: 'the front', group: 'g' }, worker: {} });
  const report = await rig.status();
  expect(report).toMatchObject({ workspace: rig.workspace, daemon: null });
  expect(report.services).toMatchObject([
    { name: 'web', state: 'stopped', wanted: 'down', ready: false, pid: null, run: null, startedAt: null },
    { name: 'worker', state: 'stopped', ports: [], cause: null, exit: null },
  ]);
  expect(report.services[0]).toMatchObject({ ports: [4001], description: 'the front', groups: ['g'] });
  expect(daemonsOf(rig)).toEqual([]);
  const table = await rig.ok('status');
  expect(table.stdout).toMatch(/web .*stopped/);
});

it('of what runs: pid, url, times, cause, figures of the whole tree', async () => {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({ web: { port } });
  const before = Date.now();
  await rig.ok('start');
  const web = await rig.nextInvocation('web');
  const alone = (await rig.service('web')).memory ?? 0;
  await web.do({ do: 'spawn', as: 'child', how: 'setsid' });
  await rig.nextInvocation('child');
  const report = await rig.status();
  const status = await rig.service('web');
  expect(report.daemon).toMatchObject({ pid: livingDaemon(rig).pid });
  expect(Date.parse(report.daemon?.startedAt ?? '')).toBeGreaterThanOrEqual(before - 1_000);
  expect(status).toMatchObject({
    state: 'ready',
    wanted: 'up',
    pid: web.pid,
    ports: [port],
    run: 1,
    restarts: 0,
    exit: null,
    reason: null,
    cause: { kind: 'start' },
    configChanged: false,
  });
  expect(status.url).toContain(String(port));
  expect(Date.parse(status.startedAt ?? '')).toBeGreaterThanOrEqual(before - 1_000);
  expect(status.cpu).toBeGreaterThanOrEqual(0);
  expect(alone).toBeGreaterThan(10_000_000);
  expect(status.memory).toBeGreaterThan(alone * 1.5);
  const table = await rig.ok('status');
  expect(table.stdout).toContain('web');
  expect(table.stdout).toContain(String(web.pid));
  expect(table.stdout).toContain(String(port));
});

it('lines up names that take two columns a letter', async () => {
  const rig = await testRig();
  rig.configure({ 日本: {}, web: {} });
  const [head = '', ...rows] = (await rig.ok('status')).stdout.split('\n').slice(0, 3);
  const columns = [head.indexOf('STATE'), ...rows.map((row) => stringWidth(row.split('stopped')[0] ?? ''))];
  expect(columns).toEqual([9, 9, 9]);
});

it('is plain text when nobody looks at it', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  await rig.ok('start');
  const { stdout, stderr } = await rig.ok('status');
  expect(stdout + stderr).not.toContain('\u001b');
});

it('works on a terminal and under watch(1), which has none', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  await rig.ok('start');
  const terminal = rig.terminal();
  expect(await terminal.run(rig.cliWords('status'))).toMatchObject({
    code: 0,
    output: expect.stringContaining('web'),
  });
  if (!HAS_WATCH) return;
  terminal.type(`watch -n 1 ${rig.cliWords('status')}`);
  await rig.eventually(() => terminal.output.split('1 of 1 ready').length > 2, 'watch shows the table');
  terminal.type('\u0003');
  expect((await terminal.run('true')).code).toBe(0);
});

it('names one service when asked for one', async () => {
  const rig = await testRig();
  rig.configure({ web: {}, other: {} });
  const report = (await rig.ok('status', 'web', '--json')).json<{ services: { name: string }[] }>();
  expect(report.services.map(({ name }) => name)).toEqual(['web']);
});

it('sees what was killed behind the back of a dead daemon', async () => {
  const rig = await testRig();
  rig.configure({ web: {}, other: {} });
  await rig.ok('start');
  const [web, other] = [await rig.nextInvocation('web'), await rig.nextInvocation('other')];
  const daemon = livingDaemon(rig);
  signalExactly(guardOf(daemon), 'SIGKILL');
  signalExactly(daemon, 'SIGKILL');
  await rig.eventually(() => !isAlive(daemon.pid), 'the daemon is dead');
  process.kill(web.pid, 'SIGKILL');
  await web.gone;
  const report = await rig.status();
  expect(report.services).toMatchObject([{ name: 'web' }, { name: 'other', state: 'ready', pid: other.pid }]);
  expect(report.services[0]?.pid).not.toBe(web.pid);
  await rig.eventually(async () => {
    expect((await rig.service('web')).exit).toEqual({ signal: 'SIGKILL' });
    return true;
  }, 'its exit is told');
});

it('says that the configuration has changed, and restart applies it', async () => {
  const rig = await testRig();
  rig.configure({ web: { env: { A: '1' } }, other: {} });
  await rig.ok('start');
  await rig.nextInvocation('web');
  rig.configure({ web: { env: { A: '2' } }, other: {}, third: {} });
  await rig.eventually(
    async () => (await rig.service('web')).configChanged,
    'a changed configuration is seen',
  );
  expect((await rig.service('other')).configChanged).toBe(false);
  await rig.ok('restart', 'web');
  expect((await rig.service('third')).state).toBe('stopped');
  expect((await rig.nextInvocation('web')).hello.env.A).toBe('2');
  expect((await rig.service('web')).configChanged).toBe(false);
});

it('shows where a run listens, not where the configuration says by now', async () => {
  const rig = await testRig();
  const [before, after] = [await rig.port(), await rig.port()];
  rig.configure({ web: { port: before }, other: {} });
  await rig.ok('start');
  rig.configure({ web: { port: after }, other: {} });
  expect((await rig.ok('start', 'other')).stdout).toContain('other');
  const shown = { url: `http://localhost:${before}`, ports: [before] };
  const untilSeen = () =>
    rig.eventually(async () => (await rig.service('web')).configChanged, 'the new configuration is seen');
  await untilSeen();
  expect(await rig.service('web')).toMatchObject({ state: 'ready', ...shown });
  expect((await rig.ok('wait', 'web')).stdout).toContain(shown.url);
  const daemon = livingDaemon(rig);
  signalExactly(daemon, 'SIGKILL');
  await nextDaemon(rig, daemon);
  await untilSeen();
  expect(await rig.service('web')).toMatchObject({ state: 'ready', ...shown });
  await rig.ok('restart', 'web');
  expect(await rig.service('web')).toMatchObject({ url: `http://localhost:${after}`, ports: [after] });
});

it('shows what is waited for, and when the next attempt is', async () => {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({ db: { port, does: [] }, api: { dependsOn: ['db'] }, weak: { restart: { delay: '10m' } } });
  await rig.ok('start', '--no-wait');
  const db = await rig.nextInvocation('db');
  expect(await rig.service('api')).toMatchObject({ state: 'starting', waitingFor: ['db'], pid: null });
  await (await rig.nextInvocation('weak')).exit(1);
  const weak = await untilState(rig, 'weak', 'backoff');
  expect(Date.parse(weak.retryAt ?? '')).toBeGreaterThan(Date.now());
  await db.listen(port);
  await untilState(rig, 'api', 'ready');
});
