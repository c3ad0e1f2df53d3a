/** "After a reboot, my servers are there again." With a systemctl that only writes down what it is told. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { argvOf } from '../../src/boot/start.ts';
import { readUnit } from '../../src/boot/systemd.ts';
import { isAlive, lookUp, signalExactly } from '../rig/processes.ts';
import { type Place, type Rig, testRig } from '../rig/rig.ts';
import { guardOf, livingDaemon } from './support.ts';

interface Booted {
  rig: Rig;
  /** Folder of the user's units. */
  units: string;
  calls(): string[];
}

const SYSTEMCTL = `#!/bin/sh
echo "$*" >>"$HOME/calls"
case "$*" in
  *is-enabled*) echo enabled ;;
  *enable*) mkdir -p "$HOME/.config/systemd/user/default.target.wants" && : >"$HOME/.config/systemd/user/default.target.wants/$3" ;;
esac
`;

/** A workspace with a server that answers with nothing from the rig in its environment. */
async function withSystemd(place: Place = 'plain'): Promise<Booted> {
  const rig = await testRig(place);
  const home = rig.env['HOME'] ?? '';
  const bin = join(home, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'systemctl'), SYSTEMCTL);
  writeFileSync(join(bin, 'loginctl'), '#!/bin/sh\necho Linger=yes\n');
  for (const name of ['systemctl', 'loginctl']) chmodSync(join(bin, name), 0o755);
  rig.env['PATH'] = `${bin}:${rig.env['PATH']}`;
  rig.write('server.cjs', "require('http').createServer((_, a) => a.end('here')).listen(process.env.PORT);");
  const calls = () => {
    const file = join(home, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };
  return { rig, units: join(home, '.config/systemd/user'), calls };
}

function unitOf({ units }: Booted): string {
  const [name = ''] = readdirSync(units).filter((each) => each.endsWith('.service'));
  return join(units, name);
}

/** As systemd does it: with what the unit says and the home folder, and nothing of this terminal. */
function boot(booted: Booted): number {
  const { rig } = booted;
  const start = readUnit(readFileSync(unitOf(booted), 'utf8'));
  if (start === null) throw new Error('the unit cannot be read');
  const [program = '', ...args] = argvOf(start);
  // The second one is for the rig, which looks for what is left.
  const env = { HOME: rig.env['HOME'], UPKEEP_RIG_SOCKET: rig.env['UPKEEP_RIG_SOCKET'], ...start.env };
  const guard = spawn(program, args, { env, cwd: '/', stdio: 'ignore', detached: true });
  const { pid = 0 } = guard;
  const info = lookUp(pid);
  onTestFinished(() => {
    if (info !== null) signalExactly(info, 'SIGKILL');
  });
  return pid;
}

/** The records that are there are of another boot. */
function pretendReboot(rig: Rig): void {
  const id = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const files = readdirSync(rig.path('.upkeep'), { recursive: true, withFileTypes: true });
  for (const file of files) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath ?? file.path, file.name);
    const text = readFileSync(path, 'utf8');
    if (text.includes(id)) writeFileSync(path, text.replaceAll(id, 'another-boot'));
  }
}

async function killAll(rig: Rig): Promise<void> {
  for (const info of rig.processes()) signalExactly(info, 'SIGKILL');
  await rig.eventually(() => rig.processes().length === 0, 'all are gone');
}

it('brings back what was wanted, and nothing else, from an empty environment', async () => {
  const booted = await withSystemd('odd');
  const { rig, calls } = booted;
  const server = async () => ({ command: 'node server.cjs', port: await rig.port() });
  rig.configure({
    db: await server(),
    web: { ...(await server()), dependsOn: ['db'] },
    other: await server(),
  });
  const enabled = await rig.ok('boot', 'enable', '--yes');
  expect(enabled.stdout).toContain('Create ');
  expect(calls()).toEqual([
    '--user show --property=Version',
    '--user daemon-reload',
    expect.stringMatching(/^--user enable upkeep-.*\.service$/),
  ]);
  await rig.ok('start', 'web');
  // While it runs, systemd stands by.
  await rig.eventually(() => calls().some((call) => /--no-block start upkeep-/.test(call)), 'it stands by');
  await killAll(rig);

  pretendReboot(rig);
  // Somebody else has the numbers of the earlier shim and run now.
  const bystander = spawn('sleep', ['1000'], { stdio: 'ignore', env: {} });
  onTestFinished(() => void bystander.kill('SIGKILL'));
  const { pid = 0 } = bystander;
  const shim = JSON.parse(rig.read('.upkeep/shims/web/shim.json'));
  const mine = { ...shim, process: { pid, start: lookUp(pid)?.start } };
  rig.write('.upkeep/shims/web/shim.json', JSON.stringify(mine));
  rig.write('.upkeep/runs/web/1/pid', readFileSync(`/proc/${pid}/stat`, 'utf8'));

  boot(booted);
  await rig.eventually(async () => (await rig.service('web')).ready, 'web is back');
  const { services } = await rig.status();
  expect(services.map(({ name, state, cause }) => [name, state, cause?.kind ?? null])).toEqual([
    ['db', 'ready', 'boot'],
    ['web', 'ready', 'boot'],
    ['other', 'stopped', null],
  ]);
  expect(services[1]?.cause).toEqual({ kind: 'boot', machine: true });
  const why = (await rig.ok('why', 'web')).stdout;
  expect(why).toContain('run 2 started: the machine was started again and it was wanted.');
  expect(why).toContain('run 1 ended when the machine went down.');
  expect(isAlive(pid)).toBe(true);
  expect(JSON.parse(rig.read('.server-daemon-state.json')).servers).toEqual(['db', 'web']);

  const { code, json } = await rig.cli('boot', 'status', '--json');
  expect(code).toBe(0);
  expect(json()).toMatchObject({ kind: 'systemd', enabled: true, services: ['db', 'web'], lingers: true });

  // What ends on purpose stays ended, and boot stays enabled.
  await rig.ok('stop');
  await rig.eventually(() => rig.processes().length === 0, 'guard and daemon have ended');
  expect((await rig.ok('boot', 'status')).stdout).toContain('Boot is enabled');
  boot(booted);
  await rig.eventually(() => rig.processes().length === 0, 'there was nothing to start');
  expect(existsSync(rig.path('.upkeep/daemon.json'))).toBe(false);
});

it('stands by while another guard is there, takes over when that one and its daemon are killed, and ends with them', async () => {
  const booted = await withSystemd();
  const { rig } = booted;
  rig.configure({ web: { command: 'node server.cjs', port: await rig.port() } });
  await rig.ok('boot', 'enable', '--yes');
  await rig.ok('start');
  const before = await rig.service('web');
  const daemon = livingDaemon(rig);
  const standby = boot(booted);
  await rig.eventually(
    () => rig.processes().some(({ ppid, command }) => ppid === standby && /^(?:flock|perl)/.test(command)),
    'it waits for the lock',
  );
  for (const info of [guardOf(daemon), daemon]) signalExactly(info, 'SIGKILL');
  await rig.eventually(async () => {
    const { daemon: now } = await rig.status();
    return now !== null && now.pid !== daemon.pid && lookUp(now.pid)?.ppid === standby;
  }, 'another daemon is there');
  expect((await rig.service('web')).pid).toBe(before.pid);
  await rig.ok('stop');
  await rig.eventually(() => !isAlive(standby), 'it ends too');
});

it('is taken back, and tells when it would not work', async () => {
  const booted = await withSystemd();
  const { rig, units } = booted;
  rig.configure({ web: { command: 'node server.cjs', port: await rig.port() } });
  expect((await rig.ok('boot')).stdout).toContain('Boot is not enabled');
  const unasked = await rig.cli('boot', 'enable');
  expect(unasked.code).toBe(2);
  expect(unasked.stderr).toContain('--yes');
  expect(existsSync(units)).toBe(false);
  await rig.ok('boot', 'enable', '--yes');
  const unit = unitOf(booted);
  writeFileSync(unit, readFileSync(unit, 'utf8').replace(/"[^"]*\/node"/, '"/nowhere/bin/node"'));
  const status = await rig.cli('boot', 'status');
  expect(status.code).toBe(1);
  expect(status.stdout).toContain('✖ Node is recorded as /nowhere/bin/node, which is gone');
  expect((await rig.cli('doctor')).stdout).toContain('After a reboot: Node is recorded as /nowhere/bin/node');
  await rig.ok('boot', 'disable');
  expect(existsSync(unit)).toBe(false);
  expect(readdirSync(join(units, 'default.target.wants'))).toEqual([]);
  expect((await rig.ok('boot', 'disable')).stdout).toContain('not enabled');
});

it('says what to do where there is no systemd, and what is wrong with the command line', async () => {
  const { rig } = await withSystemd();
  rig.configure({ web: { command: 'node server.cjs' } });
  const systemctl = join(rig.env['HOME'] ?? '', 'bin/systemctl');
  writeFileSync(systemctl, '#!/bin/sh\necho "Failed to connect to bus: No medium found" >&2\nexit 1\n');
  const noBus = await rig.cli('boot', 'enable', '--yes');
  expect([noBus.code, noBus.stderr]).toEqual([
    1,
    expect.stringContaining('Failed to connect to bus: No medium found.\n  Log in as yourself'),
  ]);
  expect((await rig.ok('boot')).stdout).toMatch(
    /^Boot is not enabled, and cannot be here: .*No medium found/,
  );
  expect((await rig.cli('doctor')).stdout).toContain('nothing starts by itself, and cannot here: systemd');
  const wrong = await rig.cli('boot', 'enabel');
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('Did you mean "enable"?')]);
  rmSync(systemctl);
});
