/** `upkeep clean`: ends what earlier runs left behind, and nothing else. */
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Cleaned } from '../../src/cli/clean/clean.ts';
import { isAlive, signalExactly } from '../rig/processes.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import { guardOf, livingDaemon } from './support.ts';

/** Daemon and guard die at once: nobody looks after the services any more. */
async function orphan(rig: Rig): Promise<void> {
  const daemon = livingDaemon(rig);
  signalExactly(guardOf(daemon), 'SIGKILL');
  signalExactly(daemon, 'SIGKILL');
  await rig.eventually(() => !isAlive(daemon.pid), 'the daemon is dead');
}

it('has nothing to do in a workspace that never ran, and while a daemon looks after everything', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  expect((await rig.ok('clean')).stdout).toBe('Nothing to clean.\n');
  await rig.ok('start');
  const web = await rig.nextInvocation('web');
  await web.do({ do: 'spawn', as: 'escaped', how: 'double-fork' });
  const escaped = await rig.nextInvocation('escaped');
  expect((await rig.ok('clean')).stdout).toMatch(/^Nothing to clean\./);
  expect(isAlive(web.pid) && isAlive(escaped.pid)).toBe(true);
});

it('ends what a dead daemon left, by TERM and then KILL, and leaves strangers alone', async () => {
  const rig = await testRig();
  const other = await testRig();
  rig.configure({ web: {}, deaf: { does: [{ do: 'onSignal', code: null }] } });
  other.configure({ web: {} });
  await other.ok('start');
  const theirs = await other.nextInvocation('web');
  const stranger = await rig.spawn('web');
  await rig.ok('start');
  const [web, deaf] = [await rig.nextInvocation('web'), await rig.nextInvocation('deaf')];
  await orphan(rig);
  const dry = (await rig.ok('clean', '--dry-run', '--json')).json<Cleaned>();
  expect(dry.processes.map(({ pid }) => pid)).toEqual(expect.arrayContaining([web.pid, deaf.pid]));
  expect(isAlive(web.pid) && isAlive(deaf.pid)).toBe(true);
  const { stdout } = await rig.ok('clean');
  expect(stdout).toContain(`Ended pid ${web.pid} (`);
  expect(stdout).toContain(`Killed pid ${deaf.pid} (`);
  expect(stdout).toContain('Removed .upkeep/daemon.json');
  expect(isAlive(web.pid) || isAlive(deaf.pid)).toBe(false);
  expect(isAlive(theirs.pid) && isAlive(stranger.pid)).toBe(true);
  expect(existsSync(rig.path('.upkeep/daemon.json'))).toBe(false);
  expect((await rig.ok('clean')).stdout).toBe('Nothing to clean.\n');
  await rig.ok('start', 'web');
});

it('waits for a daemon that its guard is just bringing back', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  await rig.ok('start');
  const web = await rig.nextInvocation('web');
  signalExactly(livingDaemon(rig), 'SIGKILL');
  expect((await rig.ok('clean')).stdout).toMatch(/^Nothing to clean\./);
  expect(isAlive(web.pid)).toBe(true);
});

it('takes no names', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  expect((await rig.cli('clean', 'web')).code).toBe(2);
});
