/** What a person does to a running workspace without meaning any harm. */
import { mkdirSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { removeUnderWriters } from '../rig/remove.ts';
import { testRig } from '../rig/rig.ts';
import { answeringPid, daemonsOf, livingDaemon, nextDaemon, untilState } from './support.ts';

describe('files removed under a daemon, as `git clean -fdx` does', () => {
  const removeAll = (rig: { path(...parts: string[]): string }) => {
    for (const each of ['.upkeep', '.server-logs', '.server-daemon-state.json'])
      removeUnderWriters(rig.path(each));
  };

  it('status, start and restart go on with the same daemon and the same run', async () => {
    const rig = await testRig();
    const port = await rig.port();
    rig.configure({ web: { port } });
    await rig.ok('start');
    const [pid, daemons] = [await answeringPid(port), daemonsOf(rig)];
    removeAll(rig);
    expect(await rig.service('web')).toMatchObject({ state: 'ready', pid });
    await rig.ok('start');
    expect(daemonsOf(rig).map((each) => each.pid)).toEqual(daemons.map((each) => each.pid));
    expect(await answeringPid(port)).toBe(pid);
    expect(JSON.parse(rig.read('.server-daemon-state.json'))).toMatchObject({ servers: ['web'] });
    await rig.ok('restart');
    expect(await answeringPid(port)).not.toBe(pid);
  });

  it('stop finds what runs', async () => {
    const rig = await testRig();
    rig.configure({ web: {} });
    await rig.ok('start');
    removeAll(rig);
    await rig.ok('stop');
    await rig.eventually(() => rig.processes().length === 0, 'nothing is left');
  });

  it('a daemon killed afterwards comes back to what runs', async () => {
    const rig = await testRig();
    const port = await rig.port();
    rig.configure({ web: { port } });
    await rig.ok('start');
    const pid = await answeringPid(port);
    removeAll(rig);
    await rig.ok('start');
    const daemon = livingDaemon(rig);
    process.kill(daemon.pid, 'SIGKILL');
    await nextDaemon(rig, daemon);
    expect(await rig.service('web')).toMatchObject({ state: 'ready', pid });
    await rig.ok('stop');
    await rig.eventually(() => rig.processes().length === 0, 'nothing is left');
  });
});

it('an unreadable copy of the configuration: the person’s own file says what still runs', async () => {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({ web: { port } });
  await rig.ok('start');
  const [pid, daemon] = [await answeringPid(port), livingDaemon(rig)];
  rig.write('.upkeep/config.json', '{');
  process.kill(daemon.pid, 'SIGKILL');
  await nextDaemon(rig, daemon);
  expect(await rig.service('web')).toMatchObject({ state: 'ready', pid });
});

it('a service taken out of the configuration and put back starts', async () => {
  const rig = await testRig();
  rig.configure({ web: {}, other: {} });
  await rig.ok('start');
  rig.configure({ web: {} });
  await rig.ok('start');
  rig.configure({ web: {}, other: {} });
  await rig.ok('start');
  expect(await rig.service('other')).toMatchObject({ state: 'ready', run: 2 });
});

it('a renamed service waits until the old one has let go of its port', async () => {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({
    old: {
      port,
      does: [
        { do: 'onSignal', code: 0, delay: 700 },
        { do: 'listen', port },
      ],
    },
  });
  await rig.ok('start');
  rig.configure({ new: { port } });
  await rig.ok('start');
  expect(await rig.service('new')).toMatchObject({ state: 'ready' });
});

it('a service taken out of the configuration, whose daemon dies while it stops, is still stopped', async () => {
  const rig = await testRig();
  const stubborn = { command: "trap '' TERM; while :; do sleep 1; done", stop: { grace: '1s' } };
  rig.configure({ web: {}, stubborn });
  await rig.ok('start');
  rig.configure({ web: {} });
  await rig.ok('start');
  const daemon = livingDaemon(rig);
  process.kill(daemon.pid, 'SIGKILL');
  await nextDaemon(rig, daemon);
  await rig.eventually(
    () => !rig.processes().some(({ command }) => command.includes('trap')),
    'it is stopped',
  );
});

it('a readiness command sees the port and the env files of its service', async () => {
  const rig = await testRig();
  const port = await rig.port();
  rig.write('.env.web', 'FROM_FILE=yes\n');
  const command = `test "$PORT" = ${port} -a "$FROM_FILE" = yes`;
  rig.configure({ web: { port, envFile: '.env.web', ready: { command, timeout: '5s' } } });
  await rig.ok('start');
});

it('a configuration that prints, edited: the daemon lives, and says that it changed', async () => {
  const rig = await testRig();
  const text = (ms: number) =>
    `console.log('loading');\nmodule.exports = { services: { web: { command: 'sleep 1000', ready: { delay: ${ms} } } } };\n`;
  rig.write('upkeep.config.cjs', text(1));
  await rig.ok('start');
  const { pid } = livingDaemon(rig);
  rig.write('upkeep.config.cjs', text(2));
  await rig.eventually(
    async () => (await rig.status()).notes.some((note) => /has changed/.test(note)),
    'a note about the configuration',
  );
  expect(livingDaemon(rig).pid).toBe(pid);
});

it('starts and stops at once from many terminals: none fails, and one daemon at most is left', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  const runs = Array.from({ length: 8 }, (_, n) => rig.cli(n % 2 === 0 ? 'start' : 'stop'));
  // 1: what it asked for was undone by another command.
  for (const { code, stderr } of await Promise.all(runs)) expect([0, 1], stderr).toContain(code);
  await rig.ok('start');
  expect(daemonsOf(rig)).toHaveLength(1);
  await untilState(rig, 'web', 'ready');
});

it('an output that is full is told in one line', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  const { code, output } = await rig.terminal().run(`${rig.cliWords('status')} > /dev/full`);
  expect(code).toBe(1);
  expect(output).toContain('standard output cannot be written');
  expect(output).not.toContain('    at ');
});

it('a workspace that is removed takes its services and its daemon with it', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  await rig.ok('start');
  const web = await rig.nextInvocation('web');
  removeUnderWriters(rig.workspace);
  await web.gone;
  await rig.eventually(() => daemonsOf(rig).length === 0, 'the end of the daemon');
  mkdirSync(rig.workspace, { recursive: true });
});

it('a run that prints faster than can be copied pauses instead of filling the disk, and stops when told', async () => {
  const rig = await testRig();
  rig.configure({ loud: { command: ['yes', 'a line that is printed again and again'] } });
  await rig.ok('start');
  const spool = rig.path('.upkeep/runs/loud/1/out');
  const written = () => statSync(spool).size;
  await rig.eventually(() => written() > 300_000_000, 'much output');
  // What was copied is given back; what waits is bounded.
  expect(statSync(spool).blocks * 512).toBeLessThan(250_000_000);
  await rig.ok('stop');
});
