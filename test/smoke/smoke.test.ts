/** The main job, once on each Node version: CLI, daemon and servers all run on it. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { StatusReport } from '../../src/contract/status.ts';
import { livingDaemon, logOf, nextDaemon, untilState } from '../e2e/support.ts';
import { NODE, testRig } from '../rig/rig.ts';

const promised = process.env.UPKEEP_TEST_NODE_VERSION ?? '';

describe(`on Node ${promised}`, () => {
  it('runs on that very version', () => {
    expect(execFileSync(NODE, ['--version'], { encoding: 'utf8' })).toMatch(
      new RegExp(`^v${promised.replaceAll('.', '\\.')}\\b`),
    );
  });

  it('starts, serves, restarts after crash and edit, survives kill -9 of the daemon, logs and stops', async () => {
    const rig = await testRig();
    const [port, other] = [await rig.port(), await rig.port()];
    rig.configure({
      web: { port, ready: { http: '/' }, watch: { quiet: 50 } },
      api: { port: other, dependsOn: ['web'] },
    });
    await rig.ok('start');
    const web = await rig.nextInvocation('web');
    const api = await rig.nextInvocation('api');
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);

    process.kill(web.pid, 'SIGKILL');
    const second = await rig.nextInvocation('web');
    expect((await untilState(rig, 'web', 'ready')).exit).toEqual({ signal: 'SIGKILL' });

    rig.write(rig.entry('web'), `${rig.read(rig.entry('web'))}// edited\n`);
    const third = await rig.nextInvocation('web');
    expect(third.pid).not.toBe(second.pid);
    expect((await untilState(rig, 'web', 'ready')).cause).toMatchObject({ kind: 'edit' });

    const daemon = livingDaemon(rig);
    process.kill(daemon.pid, 'SIGKILL');
    await nextDaemon(rig, daemon);
    await api.do({ do: 'print', text: 'still here\n' });
    await rig.eventually(() => logOf(rig, 'api').includes('still here'), 'the line in the log');
    expect((await rig.ok('logs', 'api')).stdout).toContain('still here');
    const told = StatusReport.parse((await rig.ok('status', '--json')).json());
    expect(told.services.find(({ name }) => name === 'api')?.pid).toBe(api.pid);

    await rig.ok('stop');
    expect((await rig.status()).daemon).toBeNull();
  });

  it.each([
    ['ts', "import { defineConfig } from 'upkeep-config';\n", 'export default defineConfig(', ')'],
    ['mjs', '', 'export default (', ')'],
    ['cjs', '', 'module.exports = (', ')'],
  ])('reads upkeep.config.%s', async (extension, first, open, close) => {
    const rig = await testRig();
    rig.write(
      'node_modules/upkeep-config/package.json',
      '{ "name": "upkeep-config", "type": "module", "main": "index.js" }',
    );
    rig.write('node_modules/upkeep-config/index.js', 'export const defineConfig = (config) => config;\n');
    const command = rig.fake('web');
    rig.write(
      `upkeep.config.${extension}`,
      `${first}${open}${JSON.stringify({ services: { web: { command } } })}${close};\n`,
    );
    await rig.ok('start');
    expect((await rig.nextInvocation('web')).hello.name).toBe('web');
    await rig.ok('stop');
  });
});
