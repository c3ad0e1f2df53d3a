/** Another user looks at a workspace: told whose it is, instead of that there is nothing. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { CLI, NODE, type Rig, testRig } from '../rig/rig.ts';
import { ask, openGateway } from './gateway-rig.ts';

const NOBODY = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
/** Root, and nobody may run the CLI. */
const canTry = process.getuid?.() === 0 && runs([...NOBODY, NODE, CLI, '--version']);

function runs([program = '', ...args]: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore', cwd: '/' });
    return true;
  } catch {
    return false;
  }
}

function asStranger(rig: Rig, ...args: string[]): string {
  const [program = '', ...rest] = [...NOBODY, NODE, CLI, ...args];
  const { status, stderr } = spawnSync(program, rest, {
    cwd: rig.workspace,
    env: rig.env,
    encoding: 'utf8',
  });
  return `${status} ${stderr}`;
}

it.runIf(canTry)('status, logs, why and graph say whose it is, and what to do', async () => {
  const rig = await testRig();
  rig.configure({ web: { port: await rig.port() } });
  await rig.ok('start');
  for (const folder of [dirname(rig.workspace), rig.workspace]) chmodSync(folder, 0o755);
  chmodSync(rig.path('upkeep.config.json'), 0o644);
  for (const args of [['status'], ['logs'], ['logs', 'web'], ['why', 'web'], ['graph'], ['graph', 'web']]) {
    const said = asStranger(rig, ...args);
    expect(said, args.join(' ')).toMatch(/^4 /);
    expect(said, args.join(' ')).toContain(
      `${rig.path('.upkeep')} is not yours to read: it belongs to root.`,
    );
    expect(said, args.join(' ')).toContain('Run the command as root');
  }
});

it.runIf(canTry)('logs that are not to be read are told as such, where the records are', async () => {
  const rig = await testRig();
  rig.configure({ web: { port: await rig.port() } });
  await rig.ok('start');
  for (const folder of [dirname(rig.workspace), rig.workspace, rig.path('.upkeep')]) chmodSync(folder, 0o755);
  chmodSync(rig.path('.server-logs'), 0o755);
  expect(asStranger(rig, 'logs', 'web')).toMatch(/^4 [\s\S]*web\.log is not yours to read/);
  chmodSync(rig.path('.server-logs'), 0o700);
  expect(asStranger(rig, 'logs')).toMatch(/^4 [\s\S]*\.server-logs is not yours to read/);
});

it.runIf(canTry)('the gateway hangs up on them, whatever they have to show', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  await rig.ok('start');
  const { address, token } = await openGateway(rig);
  const visit = `const request = require('node:http').get(process.argv[1] + '/api/status',
    { headers: { authorization: 'Bearer ' + process.argv[2] } }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1));
  request.on('error', ({ code }) => { console.error(code); process.exit(2); });`;
  const come = (...as: string[]) => {
    const [program = '', ...rest] = [...as, NODE, '-e', visit, address, token];
    const { status, stderr } = spawnSync(program, rest, { cwd: '/', encoding: 'utf8' });
    return `${status} ${stderr.trim()}`;
  };
  expect(come(...NOBODY)).toBe('2 ECONNRESET');
  expect(come()).toBe('0 ');
  expect((await ask(address, '/api/status', { authorization: `Bearer ${token}` })).status).toBe(200);
});
