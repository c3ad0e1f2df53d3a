/** A configuration may be a program: it may print, keep something open, never come to an end, and change. */
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import type * as upkeep from '../../src/index.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import { daemonOf, livingDaemon, untilState } from './support.ts';

const CONFIG = 'upkeep.config.cjs';

/** Its only service is called so, and may do as it likes. */
function configure(rig: Rig, name: string, more = ''): void {
  const [program, ...words] = rig.fake(name);
  const command = JSON.stringify([program, ...words]);
  rig.write(CONFIG, `${more}\nmodule.exports = { services: { ${name}: { command: ${command} } } };\n`);
}

it('what it prints is no part of an answer, and what it has opened keeps no command', async () => {
  const rig = await testRig();
  configure(rig, 'web', "console.log('[dotenv] injecting'); setInterval(() => undefined, 1e6);");
  const started = await rig.ok('start', '--json');
  expect(started.json<{ outcomes: unknown[] }>().outcomes).toHaveLength(1);
  expect(started.stderr).toContain('[dotenv] injecting');
  await rig.ok('restart');
  await rig.ok('stop');
  expect((await rig.ok('status', '--json')).json<{ services: unknown[] }>().services).toHaveLength(1);
});

it('a daemon whose client is gone before it asked for anything ends', async () => {
  const rig = await testRig();
  rig.write(CONFIG, 'while (true);\n');
  const start = rig.beginCli(['start']);
  await rig.eventually(() => daemonOf(rig) !== null, 'the daemon is there before the configuration');
  start.child.kill('SIGKILL');
  await rig.eventually(() => daemonOf(rig) === null, 'it has ended', { within: 30_000 });
});

it('a daemon that reads it anew says what is wrong with it, not what it prints', async () => {
  const rig = await testRig();
  configure(rig, 'web');
  await rig.ok('start');
  livingDaemon(rig);
  await untilState(rig, 'web', 'ready');
  configure(rig, 'web', "console.log('[dotenv] injecting'); throw new Error('no database');");
  await rig.eventually(
    async () => (await rig.ok('status')).stdout.includes('the configuration could not be run: no database'),
    'status tells',
  );
});

it('a program that looks twice sees what has changed, also in a module that the configuration requires', async () => {
  const rig = await testRig();
  rig.write('part.cjs', "module.exports = { first: { command: 'true' } };\n");
  rig.write(CONFIG, "module.exports = { services: require('./part.cjs') };\n");
  const { connect } = createRequire(import.meta.url)('../../dist/index.cjs') as typeof upkeep;
  const names = async () => (await connect(rig.workspace).status()).services.map(({ name }) => name);
  expect(await names()).toEqual(['first']);
  rig.write('part.cjs', "module.exports = { second: { command: 'true' } };\n");
  expect(await names()).toEqual(['second']);
  rig.write('part.cjs', "module.exports = { second: { comand: 'true' } };\n");
  await expect(names()).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining('comand') });
});
