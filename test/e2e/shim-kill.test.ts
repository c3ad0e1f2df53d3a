/** What stands between daemon and server may be killed too: the server is neither lost nor doubled. */
import { expect, it } from 'vitest';
import type { Invocation } from '../rig/invocation.ts';
import { isAlive, lookUp, type ProcessInfo, signalExactly } from '../rig/processes.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import { answeringPid, livingDaemon, nextDaemon, untilState } from './support.ts';

interface Started {
  readonly rig: Rig;
  readonly port: number;
  readonly web: Invocation;
  /** Parent of the server: it writes the exit code. */
  readonly wrapper: ProcessInfo;
  /** Parent of the wrapper. */
  readonly shim: ProcessInfo;
}

async function started(): Promise<Started> {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({ web: { port }, other: {} });
  await rig.ok('start');
  const web = await rig.nextInvocation('web');
  const wrapper = parentOf(web.pid);
  return { rig, port, web, wrapper, shim: parentOf(wrapper.pid) };
}

function parentOf(pid: number): ProcessInfo {
  const parent = lookUp(lookUp(pid)?.ppid ?? 0);
  if (!parent || parent.pid === 1) throw new Error(`${pid} has no parent`);
  return parent;
}

/** One run of the server answers, and the workspace can be stopped without a rest. */
async function expectInOrder({ rig, port }: Started): Promise<void> {
  await rig.eventually(async () => {
    const status = await rig.service('web');
    expect(status.state).toBe('ready');
    expect(await answeringPid(port)).toBe(status.pid);
    return true;
  }, 'web answers');
  await expectOneAlive(rig);
  await rig.ok('restart', 'web');
  await expectOneAlive(rig);
  await rig.ok('stop');
  await rig.eventually(() => rig.processes().length === 0, 'no process of the workspace');
}

async function expectOneAlive(rig: Rig): Promise<void> {
  const alive = () => rig.invocations('web').filter((run) => isAlive(run.pid));
  await untilState(rig, 'web', 'ready');
  expect(alive()).toHaveLength(1);
}

it('kill -9 of the shim', async () => {
  const all = await started();
  signalExactly(all.shim, 'SIGKILL');
  await all.rig.eventually(() => !isAlive(all.shim.pid), 'the shim is dead');
  await expectInOrder(all);
});

it('kill -9 of the shim, then the server ends', async () => {
  const all = await started();
  signalExactly(all.shim, 'SIGKILL');
  await all.web.exit(3);
  await all.rig.nextInvocation('web');
  await untilState(all.rig, 'web', 'ready');
  const { stdout } = await all.rig.ok('why', 'web');
  expect(stdout).toContain('its port was closed for');
  expect(stdout).not.toContain('0 connections refused');
  await expectInOrder(all);
});

it('kill -9 of the wrapper', async () => {
  const all = await started();
  signalExactly(all.wrapper, 'SIGKILL');
  await all.rig.eventually(() => !isAlive(all.wrapper.pid), 'the wrapper is dead');
  await expectInOrder(all);
});

it('kill -9 of shim, wrapper and daemon at once', async () => {
  const all = await started();
  const daemon = livingDaemon(all.rig);
  for (const info of [all.shim, all.wrapper, daemon]) signalExactly(info, 'SIGKILL');
  await nextDaemon(all.rig, daemon);
  await expectInOrder(all);
});

it('kill -9 of a server’s whole process group', async () => {
  const all = await started();
  process.kill(-all.web.pid, 'SIGKILL');
  await all.rig.nextInvocation('web');
  expect((await untilState(all.rig, 'web', 'ready')).exit).toEqual({ signal: 'SIGKILL' });
  await expectInOrder(all);
});
