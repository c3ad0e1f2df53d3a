/** On a full disk status tells what is, and why; when there is room again, all goes on by itself. */
import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { testRig } from '../rig/rig.ts';
import { fill, smallDisk } from '../rig/small-disk.ts';
import { untilState } from './support.ts';

it('tells that the disk is full, and what cannot be started for that', async (context) => {
  const disk = smallDisk('4m');
  if (disk === null) return context.skip('a tmpfs cannot be mounted here: not root, or a sandbox');
  const rig = await testRig({ under: disk });
  rig.configure({ web: { port: await rig.port() }, other: {} });
  await rig.ok('start');
  const web = await rig.nextInvocation('web');
  const other = await rig.nextInvocation('other');
  const filler = fill(disk);
  process.kill(web.pid, 'SIGKILL');
  const told = await rig.eventually(async () => {
    const { services, notes } = await rig.status();
    const isTold = notes.some((note) => note.startsWith('the disk is full (ENOSPC)'));
    return isTold && services[0]?.state === 'starting' ? services : null;
  }, 'status tells of the full disk');
  expect(told[0]).toMatchObject({ pid: null, exit: { signal: 'SIGKILL' } });
  expect(told[0]?.notes.join()).toMatch(/cannot be started for now: ENOSPC/);
  expect(told[1]).toMatchObject({ state: 'ready', pid: other.pid });
  const { stdout } = await rig.ok('status');
  expect(stdout).toMatch(/^web: cannot be started for now: ENOSPC/m);
  expect(stdout).toMatch(/^the disk is full/m);
  rmSync(filler);
  await untilState(rig, 'web', 'ready');
  expect((await rig.service('web')).notes).toEqual([]);
  await rig.eventually(async () => (await rig.status()).notes.length === 0, 'nothing is amiss any more');
});
