/** A process that waits, booted, to become the next run: that it does, and that nothing of it is seen or left. */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { nodes } from '../hook/rig.ts';
import { isAlive, lookUp, type ProcessInfo, signalExactly } from '../rig/processes.ts';
import { FILE } from './seamless-rig.ts';
import { arm, ask, servedOnStandby, serversOf, tellingServer, untilWaits, waiting } from './standby-rig.ts';
import { entriesOf, livingDaemon, logOf, nextDaemon, untilState } from './support.ts';

const chosen = nodes().filter(({ version }) => version < 1900 || Math.floor(version / 100) === 24);

it.each(chosen)('a crash on Node $name: what waited answers, and sees nothing of it', async ({ binary }) => {
  const web = await servedOnStandby({ command: [binary, FILE] });
  const { rig } = web;
  const standby = await untilWaits(rig);
  const first = await ask(web);
  const before = await rig.service('web');
  expect(before).toMatchObject({ run: 1, pid: first.pid, restarts: 0 });
  process.kill(first.pid, 'SIGKILL');
  await rig.eventually(async () => (await ask(web)).pid === standby.pid, 'what waited answers');
  const told = await ask(web);
  const seen = ['UPKEEP_RUN=2'];
  expect(told).toMatchObject({ own: seen, child: seen, execArgv: first.execArgv });
  await rig.eventually(async () => (await rig.service('web')).run === 2, 'run 2');
  expect(await untilState(rig, 'web', 'ready')).toMatchObject({
    pid: standby.pid,
    restarts: 1,
    exit: { signal: 'SIGKILL' },
  });
  expect(entriesOf(rig, 'run-started', 'web')).toMatchObject([
    { run: 1 },
    { run: 2, cause: { kind: 'crash' } },
  ]);
  expect(logOf(rig, 'web').match(/v1 begins/g)).toHaveLength(2);
  expect((await rig.ok('why', 'web')).stdout).toMatch(/Ready in \d.* from standby/);
  // Another one waits for the next.
  expect((await untilWaits(rig)).pid).not.toBe(standby.pid);
});

it('an edit: it serves what was saved after it began to wait, by swap', async () => {
  const web = await servedOnStandby();
  const standby = await untilWaits(web.rig);
  web.save(tellingServer('v2'));
  await web.rig.eventually(async () => (await ask(web)).version === 'v2', 'v2 answers');
  expect((await ask(web)).pid).toBe(standby.pid);
  await web.settled();
  expect(web.swaps).toBe(1);
});

it('plain, and behind npm: what npm prints before is in the log of the run that it becomes', async () => {
  const web = await servedOnStandby({
    command: 'npm run serve',
    mode: 'plain',
  });
  const standby = await untilWaits(web.rig);
  expect(logOf(web.rig, 'web').match(/> node/g)).toHaveLength(1);
  await web.rig.ok('restart');
  expect((await ask(web)).pid).toBe(standby.pid);
  expect(logOf(web.rig, 'web').match(/> node/g)).toHaveLength(2);
});

it('what it was started with is another: it is not used', async () => {
  const web = await servedOnStandby({ envFile: '.env', watch: false });
  const standby = await untilWaits(web.rig);
  web.rig.write('.env', 'STANDBY_OF=later\n');
  await web.rig.ok('restart');
  const told = await ask(web);
  expect(told.own).toEqual(expect.arrayContaining(['STANDBY_OF=later']));
  expect(told.pid).not.toBe(standby.pid);
  await web.rig.eventually(() => !isAlive(standby.pid), 'it is gone');
});

it('killed behind our back, it is missed by nobody', async () => {
  const web = await servedOnStandby();
  const standby = await untilWaits(web.rig);
  const { pid } = await ask(web);
  signalExactly(standby, 'SIGKILL');
  await web.rig.eventually(() => !isAlive(standby.pid), 'it is gone');
  process.kill(pid, 'SIGKILL');
  await web.rig.eventually(async () => (await web.rig.service('web')).run === 2, 'run 2');
  await untilState(web.rig, 'web', 'ready');
  expect([pid, standby.pid]).not.toContain((await ask(web)).pid);
  expect(entriesOf(web.rig, 'run-ended', 'web')).toHaveLength(1);
});

it('the daemon is killed while it waits: it ends, and the next daemon has another', async () => {
  const web = await servedOnStandby();
  const { rig } = web;
  const standby = await untilWaits(rig);
  const before = await ask(web);
  const daemon = livingDaemon(rig);
  signalExactly(daemon, 'SIGKILL');
  await nextDaemon(rig, daemon);
  await rig.eventually(() => !isAlive(standby.pid), 'it ends');
  await untilWaits(rig);
  expect((await ask(web)).pid).toBe(before.pid);
  expect(await rig.service('web')).toMatchObject({ run: 1, restarts: 0 });
  expect(serversOf(rig)).toHaveLength(2);
});

it.each(['standby-linked', 'standby-released'] as const)(
  'the daemon is killed at %s: it is the run all the same',
  async (point) => {
    const web = await servedOnStandby();
    const { rig } = web;
    const standby = await untilWaits(rig);
    const { pid } = await ask(web);
    const daemon = livingDaemon(rig);
    arm(rig, point);
    process.kill(pid, 'SIGKILL');
    await nextDaemon(rig, daemon);
    await rig.eventually(async () => (await ask(web)).pid === standby.pid, 'what waited answers');
    expect(await untilState(rig, 'web', 'ready')).toMatchObject({ run: 2, pid: standby.pid });
    expect(entriesOf(rig, 'run-ended', 'web')).toHaveLength(1);
  },
);

it('the wrapper of the run is killed, and the daemon after it: the end of the run is seen all the same', async () => {
  const web = await servedOnStandby();
  const { rig } = web;
  const standby = await untilWaits(rig);
  const { pid } = await ask(web);
  const wrapper = lookUp(lookUp(pid)?.ppid ?? 0) as ProcessInfo;
  signalExactly(wrapper, 'SIGKILL');
  await rig.eventually(() => lookUp(pid)?.ppid !== wrapper.pid, 'it is an orphan');
  // The next one may not speak where the daemon after this one listens for the run.
  signalExactly(standby, 'SIGKILL');
  await rig.eventually(() => ![null, standby.pid].includes(waiting(rig)?.pid ?? null), 'another one waits');
  const daemon = livingDaemon(rig);
  signalExactly(daemon, 'SIGKILL');
  await nextDaemon(rig, daemon);
  await untilWaits(rig);
  expect((await ask(web)).pid).toBe(pid);
  process.kill(pid, 'SIGKILL');
  await rig.eventually(async () => (await ask(web)).pid !== pid, 'another run answers');
  expect(await untilState(rig, 'web', 'ready')).toMatchObject({ run: 2, exit: { unknown: true } });
});

it('stop leaves nothing of it', async () => {
  const web = await servedOnStandby();
  await untilWaits(web.rig);
  await web.rig.ok('stop', 'web');
  expect(serversOf(web.rig)).toEqual([]);
  expect(readdirSync(web.rig.path('.upkeep/runs/web')).filter((name) => name.startsWith('standby-'))).toEqual(
    [],
  );
});

it('a shim that is killed takes it along at the next launch', async () => {
  const web = await servedOnStandby();
  const standby = await untilWaits(web.rig);
  const shim = web.rig
    .processes()
    .find(({ command }) => command.includes('shim.sh') && command.includes(' 1 '));
  expect(shim).toBeDefined();
  if (shim !== undefined) signalExactly(shim, 'SIGKILL');
  await web.rig.ok('restart');
  expect((await ask(web)).pid).not.toBe(standby.pid);
  await web.rig.eventually(() => !isAlive(standby.pid), 'it is gone');
});

it('what is no Node program has none, and status says so', async () => {
  const web = await servedOnStandby();
  await web.rig.ok('stop');
  web.rig.configure({ web: { command: ['sleep', '1000'], standby: true } });
  await web.rig.ok('start');
  await web.rig.eventually(async () => {
    const { notes } = await web.rig.service('web');
    return notes.includes('no standby: its command is not known to start a Node program');
  }, 'the note');
  expect(waiting(web.rig)).toBe(null);
});
