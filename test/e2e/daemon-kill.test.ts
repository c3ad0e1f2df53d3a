/** A daemon that is killed takes nothing with it, and the next one carries on from what it finds. */
import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isAlive, type ProcessInfo, signalExactly } from '../rig/processes.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import {
  answeringPid,
  daemonOf,
  daemonsOf,
  entriesOf,
  expectRuns,
  guardOf,
  livingDaemon,
  logOf,
  nextDaemon,
  numberedLines,
  untilState,
} from './support.ts';

async function startedRig(...names: string[]): Promise<{ rig: Rig; ports: number[] }> {
  const rig = await testRig();
  const ports: number[] = [];
  for (const _ of names) ports.push(await rig.port());
  rig.configure(Object.fromEntries(names.map((name, index) => [name, { port: ports[index] }])));
  await rig.ok('start');
  return { rig, ports };
}

/** SIGKILL to the daemon only: its guard brings it back. */
async function killDaemon(rig: Rig): Promise<ProcessInfo> {
  const daemon = livingDaemon(rig);
  signalExactly(daemon, 'SIGKILL');
  return await nextDaemon(rig, daemon);
}

/** SIGKILL to guard and daemon: nothing brings it back by itself. */
async function killDaemonAndGuard(rig: Rig): Promise<void> {
  const daemon = livingDaemon(rig);
  const guard = guardOf(daemon);
  signalExactly(guard, 'SIGKILL');
  signalExactly(daemon, 'SIGKILL');
  await rig.eventually(() => !isAlive(guard.pid) && !isAlive(daemon.pid), 'guard and daemon are dead');
}

describe('kill -9 of the daemon', () => {
  it('is followed by a daemon that adopts what runs, and starts nothing twice', async () => {
    const { rig, ports } = await startedRig('a', 'b');
    const pids = [(await rig.nextInvocation('a')).pid, (await rig.nextInvocation('b')).pid];
    await killDaemon(rig);
    const [a, b] = [await untilState(rig, 'a', 'ready'), await untilState(rig, 'b', 'ready')];
    expect([a.pid, b.pid]).toEqual(pids);
    expect([a.run, b.run, a.restarts]).toEqual([1, 1, 0]);
    expect(await Promise.all(ports.map(answeringPid))).toEqual(pids);
    await rig.ok('start');
    await expectRuns(rig, 'a', 1);
    await expectRuns(rig, 'b', 1);
    expect(entriesOf(rig, 'adopted').map((entry) => entry.service)).toEqual(['a', 'b']);
    expect(entriesOf(rig, 'daemon-started').map((entry) => entry.recovered)).toEqual([false, true]);
    expect(daemonsOf(rig)).toHaveLength(1);
  });

  it('in the middle of a stop, with its snapshot lost: what is to stop is not forgotten before it was adopted', async () => {
    const rig = await testRig();
    // Adopted first, it tells at once of its sockets.
    rig.configure({
      web: { port: await rig.port() },
      slow: { does: [{ do: 'onSignal', code: null, say: 'not yet' }], stop: { grace: '10m' } },
    });
    await rig.ok('start');
    const slow = await rig.nextInvocation('slow');
    await rig.ok('stop', 'slow', '--no-wait');
    await untilState(rig, 'slow', 'stopping');
    await killDaemonAndGuard(rig);
    rmSync(rig.path('.upkeep/snapshot.json'));
    await rig.ok('start', 'slow', '--no-wait');
    expect(await rig.service('slow')).toMatchObject({ state: 'stopping', run: 1, pid: slow.pid });
    await slow.exit(0);
    expect(await untilState(rig, 'slow', 'ready')).toMatchObject({ run: 2 });
  });

  it('again and again', async () => {
    const { rig, ports } = await startedRig('web');
    const { pid } = await rig.nextInvocation('web');
    for (let round = 0; round < 5; round++) {
      await killDaemon(rig);
      expect(await untilState(rig, 'web', 'ready')).toMatchObject({ pid, run: 1 });
    }
    expect(await answeringPid(ports[0] ?? 0)).toBe(pid);
    await expectRuns(rig, 'web', 1);
  });

  it('leaves it able to restart, stop and tell the exit of what it adopted', async () => {
    const { rig } = await startedRig('a', 'b');
    await killDaemon(rig);
    await untilState(rig, 'a', 'ready');
    await (await rig.nextInvocation('a')).exit(7);
    await rig.nextInvocation('a');
    const a = await untilState(rig, 'a', 'ready');
    expect(a).toMatchObject({ run: 2, exit: { code: 7 } });
    const b = await rig.nextInvocation('b');
    await b.do({ do: 'spawn', as: 'child', how: 'clean-double-fork' });
    const child = await rig.nextInvocation('child');
    await rig.ok('stop', 'b');
    expect([isAlive(b.pid), isAlive(child.pid)]).toEqual([false, false]);
    expect((await rig.service('b')).state).toBe('stopped');
  });

  it('loses no line of the logs and doubles none', async () => {
    const { rig } = await startedRig('web');
    const web = await rig.nextInvocation('web');
    let from = 1;
    for (let round = 0; round < 6; round++) {
      const daemon = livingDaemon(rig);
      // Half of it is printed to a daemon that is about to die, half to one that is dead.
      await web.do({ do: 'print', lines: 2_000, from });
      signalExactly(daemon, 'SIGKILL');
      await web.do({ do: 'print', lines: 2_000, from: from + 2_000 });
      from += 4_000;
      await nextDaemon(rig, daemon);
    }
    const wanted = numberedLines('line', from - 1);
    await rig.eventually(() => {
      const lines = logOf(rig, 'web').split('\n');
      return lines.includes(`line ${from - 1}`);
    }, 'the last line is in the log');
    const printed = logOf(rig, 'web')
      .split('\n')
      .filter((line) => line.startsWith('line '));
    expect(printed.length).toBe(wanted.length);
    expect(printed).toEqual(wanted);
  });

  it('while start waits: the command still tells how it ends', async () => {
    const rig = await testRig();
    const port = await rig.port();
    rig.configure({ web: { port, does: [] } });
    const start = rig.beginCli(['start']);
    const web = await rig.nextInvocation('web');
    await killDaemon(rig);
    await web.listen(port);
    await untilState(rig, 'web', 'ready');
    expect([0, 4]).toContain((await start.done).code);
    await expectRuns(rig, 'web', 1);
  });

  it('while a server stops: it is still stopped', async () => {
    const rig = await testRig();
    rig.configure({
      web: { does: [{ do: 'onSignal', signal: 'SIGTERM' }], stop: { grace: '2s' } },
      other: {},
    });
    await rig.ok('start');
    const web = await rig.nextInvocation('web');
    const stop = rig.beginCli(['stop', 'web']);
    await untilState(rig, 'web', 'stopping');
    await killDaemon(rig);
    await web.gone;
    await untilState(rig, 'web', 'stopped');
    await stop.done;
    await expectRuns(rig, 'web', 1);
  });
});

describe('kill -9 of guard and daemon', () => {
  it('leaves the servers running, and status tells so', async () => {
    const { rig, ports } = await startedRig('web');
    const { pid } = await rig.nextInvocation('web');
    await killDaemonAndGuard(rig);
    expect(await answeringPid(ports[0] ?? 0)).toBe(pid);
    expect((await rig.service('web')).pid).toBe(pid);
  });

  it('is mended by the next command, which finds what ended meanwhile', async () => {
    const { rig, ports } = await startedRig('web', 'other');
    const web = await rig.nextInvocation('web');
    const other = await rig.nextInvocation('other');
    await killDaemonAndGuard(rig);
    await web.exit(9);
    expect(await rig.service('web')).toMatchObject({ ready: false, pid: null });
    await rig.ok('start');
    const next = await rig.nextInvocation('web');
    const status = await untilState(rig, 'web', 'ready');
    expect(status).toMatchObject({ pid: next.pid, run: 2, exit: { code: 9 } });
    expect(entriesOf(rig, 'run-ended', 'web')).toMatchObject([{ run: 1, exit: { code: 9 } }]);
    expect(await Promise.all(ports.map(answeringPid))).toEqual([next.pid, other.pid]);
    await expectRuns(rig, 'web', 2);
    await expectRuns(rig, 'other', 1);
  });

  it('does not keep stop from ending everything', async () => {
    const { rig } = await startedRig('a', 'b');
    const [a, b] = [await rig.nextInvocation('a'), await rig.nextInvocation('b')];
    await b.do({ do: 'spawn', as: 'child', how: 'clean-double-fork' });
    const child = await rig.nextInvocation('child');
    await killDaemonAndGuard(rig);
    await rig.ok('stop');
    expect([a.pid, b.pid, child.pid].filter(isAlive)).toEqual([]);
    await rig.eventually(() => rig.processes().length === 0, 'no process of the workspace');
    expect(daemonOf(rig)).toBe(null);
  });
});

it('kill -9 of the guard alone: the daemon goes on, and gets a guard again', async () => {
  const { rig } = await startedRig('web');
  const daemon = livingDaemon(rig);
  signalExactly(guardOf(daemon), 'SIGKILL');
  await rig.ok('start');
  const web = await rig.nextInvocation('web');
  const now = livingDaemon(rig);
  signalExactly(now, 'SIGKILL');
  await rig.eventually(async () => {
    await rig.ok('status');
    return isAlive(web.pid);
  }, 'status still answers');
  await rig.ok('stop');
  await rig.eventually(() => rig.processes().length === 0, 'no process of the workspace');
});
