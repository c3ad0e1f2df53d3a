/** `start` returns when the servers answer; `stop` when nothing of them is left. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SpawnHow } from '../rig/invocation.ts';
import { isFree } from '../rig/ports.ts';
import { isAlive } from '../rig/processes.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import { answeringPid, daemonOf, daemonsOf, entriesOf, expectRuns, untilState } from './support.ts';

async function rigWith(...names: string[]): Promise<{ rig: Rig; ports: Record<string, number> }> {
  const rig = await testRig();
  const ports: Record<string, number> = {};
  for (const name of names) ports[name] = await rig.port();
  rig.configure(Object.fromEntries(names.map((name) => [name, { port: ports[name] }])));
  return { rig, ports };
}

function states(rig: Rig): Promise<string[]> {
  return rig.status().then(({ services }) => services.map(({ name, state }) => `${name} ${state}`));
}

describe('start', () => {
  it('returns when the server answers, not before', async () => {
    const rig = await testRig();
    const port = await rig.port();
    rig.configure({ web: { port, does: [] } });
    const start = rig.beginCli(['start']);
    const web = await rig.nextInvocation('web');
    const starting = await untilState(rig, 'web', 'starting');
    expect(starting).toMatchObject({ ready: false, wanted: 'up', pid: web.pid });
    expect(start.child.exitCode).toBe(null);
    await web.listen(port);
    expect(await start.done).toMatchObject({ code: 0 });
    expect(await rig.service('web')).toMatchObject({ state: 'ready', ready: true, pid: web.pid, run: 1 });
    expect(await answeringPid(port)).toBe(web.pid);
  });

  it('waits for the right answer over http', async () => {
    const rig = await testRig();
    const port = await rig.port();
    const does = [{ do: 'answer', status: 503 } as const, { do: 'listen', port } as const];
    rig.configure({ web: { port, does, ready: { http: '/health' } } });
    const start = rig.beginCli(['start']);
    const web = await rig.nextInvocation('web');
    await untilState(rig, 'web', 'starting');
    expect(start.child.exitCode).toBe(null);
    await web.do({ do: 'answer', status: 204 });
    expect(await start.done).toMatchObject({ code: 0 });
  });

  it('waits for a line of output', async () => {
    const rig = await testRig();
    rig.configure({ web: { ready: { log: 'ready to (go|run)' } } });
    const start = rig.beginCli(['start']);
    const web = await rig.nextInvocation('web');
    await untilState(rig, 'web', 'starting');
    expect(start.child.exitCode).toBe(null);
    await web.do({ do: 'print', text: 'now ready to run\n' });
    expect(await start.done).toMatchObject({ code: 0 });
  });

  it('returns at once with --no-wait', async () => {
    const rig = await testRig();
    const port = await rig.port();
    rig.configure({ web: { port, does: [] } });
    await rig.ok('start', '--no-wait');
    const web = await rig.nextInvocation('web');
    expect((await rig.service('web')).state).toBe('starting');
    await web.listen(port);
    await untilState(rig, 'web', 'ready');
  });

  it('starts one, then several, then all; what runs already is left alone', async () => {
    const { rig } = await rigWith('a', 'b', 'c', 'd');
    await rig.ok('start', 'b');
    expect(await states(rig)).toEqual(['a stopped', 'b ready', 'c stopped', 'd stopped']);
    await rig.ok('start', 'a', 'b');
    expect(await states(rig)).toEqual(['a ready', 'b ready', 'c stopped', 'd stopped']);
    await rig.ok('start');
    expect(await states(rig)).toEqual(['a ready', 'b ready', 'c ready', 'd ready']);
    await rig.ok('start');
    for (const name of ['a', 'b', 'c', 'd']) await expectRuns(rig, name, 1);
  });

  it('takes globs and groups', async () => {
    const rig = await testRig();
    rig.configure({ 'x-one': {}, 'x-two': {}, y: { group: 'rest' }, z: { group: ['rest', 'more'] } });
    await rig.ok('start', 'x-*');
    expect(await states(rig)).toEqual(['x-one ready', 'x-two ready', 'y stopped', 'z stopped']);
    await rig.ok('stop', 'x-*');
    await rig.ok('start', '@rest');
    expect(await states(rig)).toEqual(['x-one stopped', 'x-two stopped', 'y ready', 'z ready']);
  });

  it('gives the port and the declared environment to the server', async () => {
    const rig = await testRig();
    const port = await rig.port();
    rig.write('.env.dev', 'FROM_FILE=1\nBOTH=file\n');
    rig.configure({ web: { port, env: { BOTH: 'own', N: 5 }, envFile: '.env.dev' } });
    await rig.ok('start');
    const { env, cwd } = (await rig.nextInvocation('web')).hello;
    expect(env).toMatchObject({ PORT: String(port), FROM_FILE: '1', BOTH: 'own', N: '5' });
    expect(cwd).toBe(rig.workspace);
  });

  it('hands certificates on that its own Node does not read', async () => {
    const rig = await testRig();
    const certificates = rig.path('none.pem');
    rig.configure({ web: {} });
    const { code } = await rig.beginCli(['start'], { env: { NODE_EXTRA_CA_CERTS: certificates } }).done;
    expect(code).toBe(0);
    const { env } = (await rig.nextInvocation('web')).hello;
    expect(env).toMatchObject({ NODE_EXTRA_CA_CERTS: certificates });
    expect(env).not.toHaveProperty('UPKEEP_EXTRA_CA_CERTS');
    const daemon = (await rig.status()).daemon?.pid;
    if (process.platform === 'linux') {
      const its = readFileSync(`/proc/${daemon}/environ`, 'utf8').split('\0');
      expect(its.filter((each) => each.startsWith('NODE_EXTRA_CA_CERTS='))).toEqual([]);
    }
  });
});

describe('start of what fails', () => {
  it('tells why and ends when the next try is far away; the policy goes on', async () => {
    const rig = await testRig();
    const weak = { port: await rig.port(), does: [], restart: { delay: '10m' } };
    rig.configure({ weak, api: { dependsOn: ['weak'] }, other: {} });
    const start = rig.beginCli(['start']);
    const run = await rig.nextInvocation('weak');
    await run.end({ do: 'print', stream: 'stderr', text: 'Error: no licence\n', exit: 1 });
    const { code, stdout, stderr } = await start.done;
    expect(code).toBe(1);
    expect(stderr).toContain('weak ended with exit 1, and is tried again in 10 m 00 s (failure 1 of 5)');
    expect(stderr).toContain('Error: no licence');
    expect(stderr).toContain('api waits for weak');
    expect(stderr).not.toContain('It printed nothing');
    expect(stdout).toMatch(/✔ other +ready/);
    expect(await rig.service('weak')).toMatchObject({ state: 'backoff', wanted: 'up' });
  });

  it('shows the last words of a single crash at boot at once, and may still end well', async () => {
    const rig = await testRig();
    const port = await rig.port();
    rig.configure({ web: { port, does: [], restart: { delay: 1 } } });
    const start = rig.beginCli(['start']);
    const first = await rig.nextInvocation('web');
    await first.end({ do: 'print', stream: 'stderr', text: 'Error: not yet\n', exit: 1 });
    const second = await rig.nextInvocation('web');
    await rig.eventually(() => start.stdout().includes('│ Error: not yet'), 'its last words are shown');
    await second.listen(port);
    expect(await start.done).toMatchObject({ code: 0 });
  });
});

describe('stop', () => {
  const hows: SpawnHow[] = ['plain', 'setsid', 'double-fork', 'clean', 'clean-double-fork'];

  it.each(hows)('ends the whole tree and frees the port, also of a %s descendant', async (how) => {
    const { rig, ports } = await rigWith('web', 'other');
    await rig.ok('start');
    const web = await rig.nextInvocation('web');
    const port = await rig.port();
    await web.do({ do: 'spawn', as: 'child', how, commands: [{ do: 'listen', port }] });
    const child = await rig.nextInvocation('child');
    await rig.ok('stop', 'web');
    expect([isAlive(web.pid), isAlive(child.pid)]).toEqual([false, false]);
    expect([await isFree(ports.web ?? 0), await isFree(port)]).toEqual([true, true]);
    expect(await rig.service('web')).toMatchObject({ state: 'stopped', wanted: 'down', pid: null });
    expect(await answeringPid(ports.other ?? 0)).toBe((await rig.nextInvocation('other')).pid);
  });

  it.each(hows)('ends a %s descendant that ignores SIGTERM', async (how) => {
    const rig = await testRig();
    rig.configure({ web: { stop: { grace: 300 } }, other: {} });
    await rig.ok('start');
    const web = await rig.nextInvocation('web');
    const commands = [{ do: 'onSignal', signal: 'SIGTERM' } as const];
    await web.do({ do: 'spawn', as: 'child', how, commands });
    const child = await rig.nextInvocation('child');
    await rig.ok('stop', 'web');
    expect([isAlive(web.pid), isAlive(child.pid)]).toEqual([false, false]);
  });

  it('of all ends the daemon too', async () => {
    const { rig, ports } = await rigWith('a', 'b');
    await rig.ok('start');
    expect(daemonOf(rig)).not.toBe(null);
    await rig.ok('stop');
    await rig.eventually(() => rig.processes().length === 0, 'no process of the workspace');
    expect(await isFree(ports.a ?? 0)).toBe(true);
    expect((await rig.status()).daemon).toBe(null);
  });

  it('leaves nothing of the workspace in the folder of the sockets, and the next start is seamless again', async () => {
    const rig = await testRig();
    rig.write('s.cjs', "require('node:http').createServer().listen(process.env.PORT);");
    rig.configure({ web: { command: 'node s.cjs', port: await rig.port() } });
    for (const _ of [1, 2]) {
      await rig.ok('start');
      await rig.ok('restart');
      expect(readdirSync(rig.runtimeDir).length).toBeGreaterThan(1);
      await rig.ok('stop');
      await rig.eventually(() => rig.processes().length === 0, 'no process of the workspace');
      expect(readdirSync(rig.runtimeDir).filter((name) => name !== 'code')).toEqual([]);
    }
    expect(entriesOf(rig, 'swapped', 'web')).toHaveLength(2);
  });

  it.each(['is killed', 'does not wait'])('of all ends the daemon too when who asked %s', async (how) => {
    const rig = await testRig();
    rig.configure({ web: { stop: { grace: 60_000 } } });
    await rig.ok('start');
    const web = await rig.nextInvocation('web');
    await web.do({ do: 'onSignal', signal: 'SIGTERM' });
    if (how === 'does not wait') await rig.ok('stop', '--no-wait');
    const stop = how === 'is killed' ? rig.beginCli(['stop']) : null;
    await untilState(rig, 'web', 'stopping');
    stop?.child.kill('SIGKILL');
    await stop?.done;
    expect(daemonOf(rig)).not.toBe(null);
    await web.exit(0);
    await rig.eventually(() => rig.processes().length === 0, 'no process of the workspace');
  });

  it('of the last one ends the daemon too', async () => {
    const { rig } = await rigWith('a', 'b');
    await rig.ok('start');
    await rig.ok('stop', 'a');
    expect(daemonOf(rig)).not.toBe(null);
    await rig.ok('stop', 'b');
    await rig.eventually(() => rig.processes().length === 0, 'no process of the workspace');
  });

  it('is content when nothing runs', async () => {
    const { rig } = await rigWith('web');
    await rig.ok('stop');
    await rig.ok('stop', 'web');
    expect(daemonsOf(rig)).toEqual([]);
  });

  it('kills what ignores SIGTERM after the grace period', async () => {
    const rig = await testRig();
    rig.configure({
      web: { does: [{ do: 'onSignal', signal: 'SIGTERM' }], stop: { grace: '300ms' } },
      other: {},
    });
    await rig.ok('start');
    const web = await rig.nextInvocation('web');
    await rig.ok('stop', 'web');
    expect(isAlive(web.pid)).toBe(false);
    expect(entriesOf(rig, 'killed', 'web')).toMatchObject([
      { run: 1, after: expect.toSatisfy((ms: number) => ms >= 300) },
    ]);
  });

  it('asked a second time does not wait for the grace period', async () => {
    const rig = await testRig();
    rig.configure({
      web: { does: [{ do: 'onSignal', signal: 'SIGTERM' }], stop: { grace: '10m' } },
      other: {},
    });
    await rig.ok('start');
    const web = await rig.nextInvocation('web');
    const first = rig.beginCli(['stop', 'web']);
    await untilState(rig, 'web', 'stopping');
    await rig.ok('stop', 'web');
    expect(isAlive(web.pid)).toBe(false);
    expect(await first.done).toMatchObject({ code: 0 });
  });

  it('sends the signal that the service wants', async () => {
    const rig = await testRig();
    const does = [{ do: 'onSignal', signal: 'SIGINT', code: 0, say: 'interrupted' } as const];
    rig.configure({ web: { does, stop: { signal: 'SIGINT' } }, other: {} });
    await rig.ok('start');
    await rig.nextInvocation('web');
    await rig.ok('stop', 'web');
    expect(rig.read('.server-logs/web.log')).toContain('interrupted');
    expect((await rig.service('web')).exit).toEqual({ code: 0 });
  });

  it('reaches a stopped (SIGSTOP) server', async () => {
    const { rig } = await rigWith('web', 'other');
    await rig.ok('start');
    const web = await rig.nextInvocation('web');
    process.kill(web.pid, 'SIGSTOP');
    await rig.ok('stop', 'web');
    expect(isAlive(web.pid)).toBe(false);
  });
});

describe('restart', () => {
  it('of one leaves the others alone', async () => {
    const { rig, ports } = await rigWith('web', 'other');
    await rig.ok('start');
    const [first, other] = [await rig.nextInvocation('web'), await rig.nextInvocation('other')];
    await rig.ok('restart', 'web');
    const second = await rig.nextInvocation('web');
    expect(second.pid).not.toBe(first.pid);
    expect(await untilState(rig, 'web', 'ready')).toMatchObject({ run: 2, pid: second.pid, restarts: 1 });
    expect(isAlive(first.pid)).toBe(false);
    expect((await rig.service('web')).cause).toMatchObject({ kind: 'restart' });
    expect(await answeringPid(ports.other ?? 0)).toBe(other.pid);
    expect(await answeringPid(ports.web ?? 0)).toBe(second.pid);
  });

  it('of all restarts each once, and starts what is down', async () => {
    const { rig } = await rigWith('a', 'b');
    await rig.ok('start', 'a');
    await rig.ok('restart');
    expect(await states(rig)).toEqual(['a ready', 'b ready']);
    await expectRuns(rig, 'a', 2);
    await expectRuns(rig, 'b', 1);
  });

  it('starts the daemon when there is none', async () => {
    const { rig } = await rigWith('web');
    await rig.ok('restart', 'web');
    expect(await states(rig)).toEqual(['web ready']);
  });
});

it('what was taken out of the configuration has its whole grace period, however often something else is started', async () => {
  const rig = await testRig();
  const slow = { does: [{ do: 'onSignal', signal: 'SIGTERM', code: 0, delay: 1_500 }] } as const;
  rig.configure({ gone: slow, web: {} });
  await rig.ok('start');
  rig.configure({ web: {} });
  await rig.ok('start');
  await rig.ok('restart', 'web');
  await rig.ok('start');
  await rig.eventually(() => entriesOf(rig, 'run-ended', 'gone').length > 0, 'its end');
  expect(entriesOf(rig, 'run-ended', 'gone')).toMatchObject([{ exit: { code: 0 } }]);
});
