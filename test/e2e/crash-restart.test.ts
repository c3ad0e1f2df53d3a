/** What goes down is up again at once; what cannot stay up is parked with its reason until something changes. */
import { once } from 'node:events';
import { chmodSync, renameSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Invocation } from '../rig/invocation.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import { answeringPid, entriesOf, expectRuns, livingDaemon, untilState } from './support.ts';

async function startedWeb(): Promise<{ rig: Rig; port: number; web: Invocation }> {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({ web: { port } });
  await rig.ok('start');
  return { rig, port, web: await rig.nextInvocation('web') };
}

/** A service whose every run exits with 1 before it is ready, until it is parked. */
async function parkedWeb(): Promise<{ rig: Rig; port: number }> {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({ web: { port, does: [] }, other: {} });
  const start = rig.beginCli(['start']);
  for (let run = 1; run <= 5; run++) {
    const web = await rig.nextInvocation('web');
    await web.end({ do: 'print', stream: 'stderr', text: `cannot go on: ${run}\n`, exit: 1 });
  }
  // It need not be parked to be told.
  expect(await start.done).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot go on: 2') });
  await untilState(rig, 'web', 'crashed');
  return { rig, port };
}

describe('a server that ends by itself', () => {
  it('by exit code is started again, and the code is known', async () => {
    const { rig, port, web } = await startedWeb();
    await web.exit(3);
    const next = await rig.nextInvocation('web');
    const status = await untilState(rig, 'web', 'ready');
    expect(status).toMatchObject({ run: 2, pid: next.pid, restarts: 1, exit: { code: 3 } });
    expect(status.cause).toEqual({ kind: 'crash', exit: { code: 3 } });
    expect(await answeringPid(port)).toBe(next.pid);
    expect(entriesOf(rig, 'run-ended', 'web')).toMatchObject([{ run: 1, exit: { code: 3 }, cause: null }]);
  });

  it.each(['SIGKILL', 'SIGSEGV', 'SIGTERM'] as const)(
    'by %s is started again, and the signal is known',
    async (signal) => {
      const { rig, web } = await startedWeb();
      process.kill(web.pid, signal);
      await rig.nextInvocation('web');
      expect((await untilState(rig, 'web', 'ready')).exit).toEqual({ signal });
    },
  );

  it('by an uncaught error is started again', async () => {
    const { rig, web } = await startedWeb();
    await web.end({ do: 'throw', message: 'boom on demand' });
    await rig.nextInvocation('web');
    expect((await untilState(rig, 'web', 'ready')).exit).toEqual({ code: 1 });
    expect(rig.read('.server-logs/web.log')).toContain('boom on demand');
  });

  it('with success is started again too, unless it is only to be restarted on failure', async () => {
    const rig = await testRig();
    rig.configure({ usual: {}, task: { restart: 'on-failure' }, once: { restart: 'never' } });
    await rig.ok('start');
    const named = async (name: string) => await rig.nextInvocation(name);
    const [usual, task, once] = [await named('usual'), await named('task'), await named('once')];
    await usual.exit(0);
    await task.exit(0);
    await once.exit(1);
    await rig.nextInvocation('usual');
    expect((await untilState(rig, 'task', 'exited')).exit).toEqual({ code: 0 });
    expect((await untilState(rig, 'once', 'exited')).exit).toEqual({ code: 1 });
    await expectRuns(rig, 'task', 1);
    await expectRuns(rig, 'once', 1);
  });

  it('takes what it left behind with it', async () => {
    const { rig, web } = await startedWeb();
    await web.do({ do: 'spawn', as: 'child', how: 'setsid' });
    const child = await rig.nextInvocation('child');
    await web.kill('SIGKILL');
    await child.gone;
    await untilState(rig, 'web', 'ready');
  });

  it('leaves the others alone', async () => {
    const rig = await testRig();
    rig.configure({ a: {}, b: {} });
    await rig.ok('start');
    await (await rig.nextInvocation('a')).exit(1);
    await rig.nextInvocation('a');
    await expectRuns(rig, 'b', 1);
    expect((await rig.service('b')).restarts).toBe(0);
  });
});

describe('a server that cannot stay up', () => {
  it('is tried five times, later each time, and then parked', async () => {
    const { rig } = await parkedWeb();
    const status = await untilState(rig, 'web', 'crashed');
    expect(status).toMatchObject({ wanted: 'up', ready: false, pid: null, exit: { code: 1 } });
    expect(status.reason).toMatchObject({ kind: 'failures', count: 5 });
    expect(entriesOf(rig, 'retry', 'web').map((entry) => entry.delay)).toEqual([100, 200, 400, 800]);
    expect(entriesOf(rig, 'parked', 'web')).toHaveLength(1);
    expect(await rig.service('other')).toMatchObject({ state: 'ready', restarts: 0 });
    await expectRuns(rig, 'web', 5);
  });

  it.each(['start', 'restart'])('is tried again by %s, and the tally begins anew', async (command) => {
    const { rig, port } = await parkedWeb();
    const again = rig.beginCli([command, 'web']);
    await (await rig.nextInvocation('web')).exit(1);
    await (await rig.nextInvocation('web')).listen(port);
    expect(await again.done).toMatchObject({ code: 0 });
    expect(await rig.service('web')).toMatchObject({ state: 'ready', reason: null });
  });

  it('is tried again by an edit', async () => {
    const { rig, port } = await parkedWeb();
    rig.write(rig.entry('web'), `${rig.read(rig.entry('web'))}// mended\n`);
    const web = await rig.nextInvocation('web');
    await web.listen(port);
    expect((await untilState(rig, 'web', 'ready')).cause).toMatchObject({ kind: 'edit' });
  });
});

it('what could not be started for want of a program or a folder is, when that comes to be', async () => {
  const rig = await testRig();
  rig.configure({
    byPath: { command: ['./late.sh'] },
    inFolder: { command: ['sleep', '1000'], cwd: 'nowhere' },
  });
  expect((await rig.cli('start')).code).toBe(1);
  for (const name of ['byPath', 'inFolder'])
    expect((await rig.service(name)).reason).toMatchObject({ kind: 'cannot-start' });
  rig.write('made/late.sh', '#!/bin/sh\nexec sleep 1000\n');
  chmodSync(rig.path('made/late.sh'), 0o755);
  renameSync(rig.path('made/late.sh'), rig.path('late.sh'));
  expect((await untilState(rig, 'byPath', 'ready')).cause).toMatchObject({ files: ['late.sh'] });
  rig.write('nowhere/config.ini', 'a = 1\n');
  expect((await untilState(rig, 'inFolder', 'ready')).cause).toMatchObject({ files: ['nowhere/config.ini'] });
});

describe('a taken port', () => {
  it('is told with its owner, and not tried in vain', async () => {
    const rig = await testRig();
    const port = await rig.port();
    const stranger = createServer().listen(port);
    onTestFinished(() => void stranger.close());
    rig.configure({ web: { port }, other: {} });
    const result = await rig.cli('start');
    expect(result.code).toBe(1);
    expect(result.stdout + result.stderr).toContain(`${port}`);
    expect(result.stdout + result.stderr).toContain(`${process.pid}`);
    const status = await rig.service('web');
    expect(status.state).toBe('crashed');
    expect(status.reason).toMatchObject({ kind: 'port-taken', port, pid: process.pid, workspace: null });
    expect((await rig.service('other')).state).toBe('ready');
    expect(rig.invocations('web').length).toBeLessThanOrEqual(1);
    await new Promise((resolve) => stranger.close(resolve));
    expect((await rig.ok('status')).stdout).toMatch(
      /web: port \d+ was taken by pid .* and is free now; an edit/,
    );
    await rig.ok('start', 'web');
    expect((await rig.service('web')).state).toBe('ready');
  });

  it('is not put down to another user when it is a connection that has it', async () => {
    const rig = await testRig();
    const stranger = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void stranger.close());
    await once(stranger, 'listening');
    const client = connect((stranger.address() as AddressInfo).port, '127.0.0.1');
    onTestFinished(() => void client.destroy());
    await once(client, 'connect');
    rig.configure({ web: { port: client.localPort as number } });
    const result = await rig.cli('start');
    expect(result.code).toBe(1);
    const words = `port ${client.localPort} is in use, though nobody listens on it: by a connection`;
    expect(result.stdout + result.stderr).toContain(words);
    expect((await rig.ok('status')).stdout).toContain(words);
  });

  it('is told by the last words of a run that declares none, and has been taken for ready', async () => {
    const rig = await testRig();
    const port = await rig.port();
    const stranger = createServer().listen(port);
    onTestFinished(() => void stranger.close());
    rig.configure({ web: {} });
    await rig.ok('start');
    const web = await rig.nextInvocation('web');
    await web.print(1, `Error: listen EADDRINUSE: address already in use :::${port} `);
    await web.exit(0);
    expect((await untilState(rig, 'web', 'crashed')).reason).toMatchObject({
      kind: 'port-taken',
      port,
      pid: process.pid,
    });
    await expectRuns(rig, 'web', 1);
  });

  it('is told with the workspace, when it is another one', async () => {
    const [first, second] = [await testRig('odd'), await testRig()];
    const port = await first.port();
    first.configure({ web: { port } });
    second.configure({ web: { port } });
    await first.ok('start');
    const result = await second.cli('start');
    expect(result.code).toBe(1);
    expect(result.stdout + result.stderr).toContain(first.workspace);
    const owner = (await first.nextInvocation('web')).pid;
    const { reason } = await second.service('web');
    expect(reason).toMatchObject({ kind: 'port-taken', pid: owner, workspace: first.workspace });
    expect(await answeringPid(port)).toBe(owner);
  });

  it('is not mistaken for readiness when a stranger answers on it', async () => {
    const rig = await testRig();
    const port = await rig.port();
    const stranger = createServer().listen(port);
    onTestFinished(() => void stranger.close());
    rig.configure({ web: { port, does: [], ready: { timeout: '1s' } } });
    const result = await rig.cli('start');
    expect(result.code).toBe(1);
    expect((await rig.service('web')).ready).toBe(false);
  });
});

it('the daemon is the same before and after', async () => {
  const { rig, web } = await startedWeb();
  const before = livingDaemon(rig);
  await web.exit(1);
  await rig.nextInvocation('web');
  expect(livingDaemon(rig).pid).toBe(before.pid);
});
