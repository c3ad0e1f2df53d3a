/** The specification's commands as they are written there, typed into a shell: in the root of the repository, and in the example itself. */
import { appendFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { StatusReport } from '../../src/contract/status.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import type { Terminal } from '../rig/terminal.ts';

const ROOT = join(__dirname, '../..');
const EXAMPLE = 'examples/tooloo';
const OWNED = /^(?:node_modules|\.upkeep|\.server-logs|\.server-daemon-state\.json)$/;
const PORTS = [3000, 3001, 3002, 3003, 3004, 3005, 3006, 3007, 3008, 3009, 3123];
const SPECIFIED = [
  ...['start:daemon', 'start:daemon:bg', 'stop:daemon', 'stop:all', 'daemon:status', 'daemon:restart'],
  ...['daemon:logs', 'clean:process', 'start'],
];

/** The parts of this repository that the commands need, on other ports: the new ones by the old. */
async function copyRepository(rig: Rig): Promise<Map<number, number>> {
  mkdirSync(rig.path('examples'));
  for (const part of ['package.json', 'scripts', 'servers', '.server-logs', '.server-daemon-state.json'])
    cpSync(join(ROOT, part), rig.path(part), { recursive: true, verbatimSymlinks: true });
  cpSync(join(ROOT, EXAMPLE), rig.path(EXAMPLE), {
    recursive: true,
    filter: (path) => !OWNED.test(basename(path)),
  });
  for (const built of ['node_modules', 'dist']) symlinkSync(join(ROOT, built), rig.path(built));
  // npm asks the registry now and then whether there is a newer npm.
  rig.env['npm_config_update_notifier'] = 'false';
  const ports = new Map<number, number>();
  for (const port of PORTS) ports.set(port, await rig.port());
  for (const file of ['upkeep.config.js', 'engine/directory.js']) {
    const path = rig.path(EXAMPLE, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text.replace(/\b(?:300\d|3123)\b/g, (port) => String(ports.get(Number(port)))),
    );
  }
  return ports;
}

/** Types the line; what it showed, once it has ended with 0. */
async function typed(terminal: Terminal, line: string): Promise<string> {
  const { code, output } = await terminal.run(line);
  expect(code, `${line}\n${output}`).toBe(0);
  return output;
}

async function pids(rig: Rig): Promise<Map<string, number | null>> {
  const status = rig.beginCli(['status', '--json'], { cwd: rig.path(EXAMPLE) });
  const { services } = StatusReport.parse((await status.done).json());
  return new Map(services.map(({ name, pid }) => [name, pid]));
}

function changed(before: Map<string, number | null>, after: Map<string, number | null>): string[] {
  return [...after].filter(([name, pid]) => before.get(name) !== pid).map(([name]) => name);
}

function wanted(rig: Rig): string[] {
  return JSON.parse(rig.read('.server-daemon-state.json')).servers;
}

it('every command of the specification, in the root', { timeout: 180_000 }, async () => {
  const rig = await testRig();
  const ports = await copyRepository(rig);
  const shell = rig.terminal();
  const training = `http://127.0.0.1:${ports.get(3001)}/health`;
  const answer = async () =>
    ((await (await fetch(training, { headers: { connection: 'close' } })).json()) as { pid: number }).pid;

  expect((await typed(shell, 'npm run start:daemon')).match(/ready in/g)).toHaveLength(11);
  expect(wanted(rig)).toHaveLength(11);
  expect(await typed(shell, 'npm run daemon:status')).toContain('11 of 11 ready');
  expect(await typed(shell, 'npm run daemon:logs')).toContain('orchestrator');
  expect(await typed(shell, 'npm run daemon:logs web-server')).toContain('web-server listens on');
  expect(await typed(shell, 'tail -100 .server-logs/web-server.log')).toContain('web-server listens on');

  const first = await pids(rig);
  await typed(shell, 'node scripts/server-daemon.js restart web-server');
  const second = await pids(rig);
  expect(changed(first, second)).toEqual(['web-server']);
  appendFileSync(rig.path('servers/training-server.js'), '// edited\n');
  await rig.eventually(async () => (await answer()) !== second.get('training-server'), 'the edit is live');
  await typed(shell, 'node scripts/server-daemon.js stop training-server');
  expect(wanted(rig)).not.toContain('training-server');
  await typed(shell, 'node scripts/server-daemon.js start training-server');
  expect(await typed(shell, 'node scripts/server-daemon.js start orchestrator')).toContain('orchestrator');

  await typed(shell, 'rm .server-logs/*');
  const third = await pids(rig);
  await typed(shell, 'npm run daemon:restart');
  expect(changed(third, await pids(rig))).toHaveLength(11);
  expect(rig.read('.server-logs/meta-server.log')).toContain('meta-server');

  await typed(shell, 'npm run stop:daemon');
  expect(wanted(rig)).toEqual([]);
  await typed(shell, 'npm run clean:process');
  expect((await pids(rig)).get('web-server')).toBeNull();
});

it('in the example: in the background beyond its terminal, some servers, the manual mode', {
  timeout: 120_000,
}, async () => {
  const rig = await testRig();
  await copyRepository(rig);
  const first = rig.terminal();
  await typed(first, `cd ${EXAMPLE}`);
  await typed(first, 'node scripts/server-daemon.js start web-server');
  await typed(first, 'node scripts/server-daemon.js start orchestrator');
  expect(wanted(rig)).toEqual(['web-server', 'orchestrator']);
  await typed(first, 'npm run start:daemon:bg');
  await first.close();

  const second = rig.terminal();
  await typed(second, `cd ${EXAMPLE}`);
  await rig.eventually(
    async () => /11 of 11 ready/.test(await typed(second, 'npm run daemon:status')),
    'all of them are ready',
  );
  expect(await typed(second, 'npm run daemon:logs orchestrator')).toContain('orchestrator');
  await typed(second, 'npm run stop:all');
  second.type('npm run start');
  await rig.eventually(() => /web-server .*listens on/.test(second.output), 'the log in this terminal');
  second.type('\u0003');
  await rig.eventually(
    async () => [...(await pids(rig)).values()].every((pid) => pid === null),
    'all has ended',
  );
});

it('both have all of its scripts', () => {
  const scriptsOf = (folder: string) =>
    JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')).scripts;
  const pick = (scripts: Record<string, string>) => SPECIFIED.map((name) => [name, scripts[name]]);
  expect(pick(scriptsOf('.'))).toEqual(pick(scriptsOf(EXAMPLE)));
  expect(pick(scriptsOf('.')).filter(([, script]) => script === undefined)).toEqual([]);
});
