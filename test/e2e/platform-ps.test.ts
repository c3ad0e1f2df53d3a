/** A whole daemon that looks at processes as on macOS, by ps and lsof: what a person does with it in a day. */
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findProgram } from '../../src/process/launch-script.ts';
import { isFree } from '../rig/ports.ts';
import { isAlive, signalExactly } from '../rig/processes.ts';
import { testRig } from '../rig/rig.ts';
import { answeringPid, livingDaemon, nextDaemon, untilState } from './support.ts';

const hasLsof = findProgram('lsof', '/', process.env['PATH'] ?? '') !== null;

it.skipIf(!hasLsof)('starts, follows an edit, survives kill -9 of the daemon, and stops', async () => {
  const rig = await testRig();
  rig.env['UPKEEP_PLATFORM'] = 'ps';
  const port = await rig.port();
  rig.configure({ web: { port }, other: {} });
  await rig.ok('start');
  const first = await answeringPid(port);
  writeFileSync(rig.path(rig.entry('web')), `${rig.read(rig.entry('web'))}// edit\n`);
  await rig.eventually(async () => (await answeringPid(port)) !== first, 'another run answers');
  const web = await untilState(rig, 'web', 'ready');
  expect(web).toMatchObject({ run: 2, cause: { kind: 'edit', files: [rig.entry('web')] } });

  const daemon = livingDaemon(rig);
  signalExactly(daemon, 'SIGKILL');
  await nextDaemon(rig, daemon);
  expect(await untilState(rig, 'web', 'ready')).toMatchObject({ pid: web.pid, run: 2 });
  expect((await rig.ok('status')).stdout).toMatch(new RegExp(`^web +ready .* ${web.pid} `, 'm'));
  // Its own shim, which holds the port, is no stranger, also where no environment can be read.
  expect((await rig.cli('doctor')).stdout).toContain(`✔ Port ${port} of web is held by itself`);

  await rig.ok('stop');
  expect(isAlive(web.pid ?? 0)).toBe(false);
  expect(await isFree(port)).toBe(true);
});
