/** A service that is no longer configured: it is not told of, and what is kept of it is found by its name. */
import { expect, it } from 'vitest';
import { testRig } from '../rig/rig.ts';
import { openGateway } from './gateway-rig.ts';

it('is said to go before the new configuration is applied, and then is no service any more', async () => {
  const rig = await testRig();
  const services = (name: string) => ({
    [name]: { command: 'node web.cjs', group: 'front' },
    kept: { command: 'node web.cjs' },
  });
  rig.write('lib.cjs', '');
  rig.write('web.cjs', "require('./lib.cjs');\nsetInterval(() => {}, 1e6);\n");
  rig.configure(services('former'));
  await rig.ok('start');
  await rig.eventually(
    async () => (await rig.ok('graph', '--file', 'lib.cjs')).stdout.includes('restarts 2 services'),
    'both have loaded it',
  );
  rig.configure(services('latter'));
  await rig.eventually(
    async () => (await rig.status()).notes.some((note) => note.includes('has changed (')),
    'the change is noticed',
  );
  expect(await rig.service('former')).toMatchObject({
    configChanged: false,
    notes: ['is no longer in the configuration; "upkeep start" applies that, and stops it'],
  });
  expect((await rig.service('kept')).notes).toEqual([]);
  await rig.ok('start');
  await rig.eventually(
    async () => (await rig.ok('graph', '--file', 'lib.cjs')).stdout.includes('restarts 2 services'),
    'both have loaded it',
  );
  await rig.eventually(
    async () => !(await rig.ok('graph')).stdout.includes('former'),
    'what is gone from the configuration is gone',
  );
  for (const args of [['graph'], ['graph', '--file', 'lib.cjs'], ['why', '--file', 'lib.cjs']]) {
    const { stdout } = await rig.ok(...args);
    expect(stdout).toContain('latter');
    expect(stdout).not.toMatch(/former|stopped or not watched/);
  }
  expect((await rig.ok('graph', 'former')).stdout).toContain('lib.cjs');
  expect((await rig.ok('why', 'former')).stdout).toContain('run 1');
  for (const command of ['why', 'graph']) {
    const { code, stderr } = await rig.cli(command, 'nothing');
    expect([code, stderr]).toEqual([2, expect.stringContaining('Services: latter, kept.')]);
  }
  // A group is known, also to what tells of one service.
  expect((await rig.ok('why', '@front')).stdout).toContain('latter');
  const { upkeep } = await openGateway(rig);
  expect((await upkeep.loads()).services.map(({ service }) => service).sort()).toEqual(['kept', 'latter']);
  const unknown = { status: 400, exitCode: 2, hint: expect.stringContaining('Services: latter, kept.') };
  await expect(upkeep.runs('nothing')).rejects.toMatchObject(unknown);
  await expect(upkeep.logs({ services: ['nothing'] })).rejects.toMatchObject(unknown);
});
