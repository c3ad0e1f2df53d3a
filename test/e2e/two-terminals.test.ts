/** However many commands come at once: one daemon, one run of each server. */
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Rig, testRig } from '../rig/rig.ts';
import { daemonsOf, expectRuns, guardOf, livingDaemon, untilState } from './support.ts';

function expectOneDaemon(rig: Rig): void {
  const daemon = livingDaemon(rig);
  expect(daemonsOf(rig).map((info) => info.pid)).toEqual([daemon.pid]);
  const guards = rig.processes().filter((info) => info.command.includes('guard.sh'));
  expect(guards.map((info) => info.pid)).toEqual([guardOf(daemon).pid]);
}

it('two starts from two terminals', async () => {
  const rig = await testRig();
  rig.configure({ web: { port: await rig.port() } });
  const [first, second] = [rig.terminal(), rig.terminal()];
  const both = [first.run(rig.cliWords('start')), second.run(rig.cliWords('start'))];
  expect((await Promise.all(both)).map(({ code }) => code)).toEqual([0, 0]);
  expectOneDaemon(rig);
  await expectRuns(rig, 'web', 1);
});

it('six starts at once, of one server each', async () => {
  const rig = await testRig();
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  rig.configure(Object.fromEntries(names.map((name) => [name, {}])));
  const results = await Promise.all(names.map((name) => rig.cli('start', name)));
  expect(results.map(({ code, stderr }) => `${code} ${stderr}`)).toEqual(names.map(() => '0 '));
  expectOneDaemon(rig);
  for (const name of names) {
    await untilState(rig, name, 'ready');
    await expectRuns(rig, name, 1);
  }
});

it('restarts at once from two sides: never two runs side by side', async () => {
  const rig = await testRig();
  rig.configure({ web: { port: await rig.port() } });
  await rig.ok('start');
  const results = await Promise.all([rig.cli('restart', 'web'), rig.cli('restart', 'web')]);
  expect(results.map(({ code }) => code)).toEqual([0, 0]);
  await untilState(rig, 'web', 'ready');
  expect(rig.invocations('web').filter((run) => run.isConnected)).toHaveLength(1);
});

it('start against stop: what was asked last is true, and no daemon is left without work', async () => {
  const rig = await testRig();
  rig.configure({ web: { port: await rig.port() } });
  for (let round = 0; round < 4; round++) {
    await Promise.all([rig.cli('start'), rig.cli('stop')]);
    await rig.ok('start');
    expect((await rig.service('web')).state).toBe('ready');
    expectOneDaemon(rig);
    await rig.ok('stop');
    await rig.eventually(() => rig.processes().length === 0, 'no process of the workspace');
  }
});

it('four starts at once where neither flock nor perl is: one daemon, one run', async () => {
  const rig = await testRig();
  rig.configure({ web: { port: await rig.port() } });
  const PATH = toolsWithout(rig, ['flock', 'perl']);
  const starts = Array.from({ length: 4 }, () => rig.beginCli(['start'], { env: { PATH } }).done);
  expect((await Promise.all(starts)).map(({ code, stderr }) => `${code} ${stderr}`)).toEqual(
    starts.map(() => '0 '),
  );
  expectOneDaemon(rig);
  await expectRuns(rig, 'web', 1);
});

/** A PATH that has all that this machine's has, but these. */
function toolsWithout(rig: Rig, names: string[]): string {
  const folder = rig.path('..', 'tools');
  mkdirSync(folder);
  for (const from of (rig.env.PATH ?? '').split(':')) {
    for (const name of existsSync(from) ? readdirSync(from) : []) {
      if (!names.includes(name) && !existsSync(join(folder, name)))
        symlinkSync(join(from, name), join(folder, name));
    }
  }
  return folder;
}
