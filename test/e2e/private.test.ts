/** "Nobody else on this machine reads what I run, or has me run something else." */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { CLI, NODE, type Rig, testRig } from '../rig/rig.ts';
import { livingDaemon } from './support.ts';

const STRANGER = 65_534;
const AS_STRANGER = ['setpriv', `--reuid=${STRANGER}`, `--regid=${STRANGER}`, '--clear-groups'];

/** Only root can act as somebody else. */
const canTry = process.getuid?.() === 0 && succeeds([...AS_STRANGER, 'test', '-r', CLI]);

function succeeds([program = '', ...args]: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', cwd: '/' }).status === 0;
}

/** Everything below, links themselves. */
function below(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [path, ...below(path)] : [path];
  });
}

it.each(['000', '077'])('whatever the umask, %s: nobody else can read, enter or connect', async (mask) => {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({ web: { port }, worker: {} });
  rmSync(rig.runtimeDir, { recursive: true });
  const run = (...args: string[]) =>
    execFileSync('sh', ['-c', `umask ${mask}; exec "$@"`, 'sh', NODE, CLI, ...args], {
      cwd: rig.workspace,
      env: rig.env,
      encoding: 'utf8',
    });
  run('start');
  for (const name of ['web', 'worker']) {
    const server = await rig.nextInvocation(name);
    await server.print(1, 'a line');
  }
  await rig.eventually(() => existsSync(rig.path('.server-logs/web.log')), 'web has a log');
  run('restart');
  run('status');
  const written = [
    ...['.upkeep', '.server-logs', '.server-daemon-state.json'].map((name) => rig.path(name)),
    rig.runtimeDir,
    ...['.upkeep', '.server-logs'].flatMap((name) => below(rig.path(name))),
    ...below(rig.runtimeDir),
  ];
  // Root's services may become other users, and load the hooks from there.
  const isKit = (path: string) => path.startsWith(rig.path('.upkeep/kit'));
  const allowed = (path: string) =>
    process.getuid?.() !== 0 ? 0 : isKit(path) ? 0o055 : path === rig.path('.upkeep') ? 0o011 : 0;
  const open = written.filter((path) => (lstatSync(path).mode & 0o077 & ~allowed(path)) !== 0);
  expect(open.map((path) => `${path} ${(lstatSync(path).mode & 0o777).toString(8)}`)).toEqual([]);
  expect(written.length).toBeGreaterThan(30);
  // What services make is as they want it.
  const status = readFileSync(`/proc/${(await rig.service('web')).pid}/status`, 'utf8');
  expect(status).toMatch(new RegExp(`^Umask:\\t0${mask}$`, 'm'));
});

it.runIf(canTry)('a folder for the socket that another user has made first is refused, by name', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  chownSync(rig.runtimeDir, STRANGER, STRANGER);
  const result = await rig.cli('start');
  expect([result.code, result.stdout + result.stderr]).toEqual([
    4,
    expect.stringMatching(/is not a folder that only you can enter.*It belongs to nobody\./),
  ]);
  rmSync(rig.runtimeDir, { recursive: true });
});

it.runIf(canTry)('a daemon whose socket another user has replaced is not spoken to', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  await rig.ok('start');
  chownSync(rig.runtimeDir, STRANGER, STRANGER);
  const result = await rig.cli('restart');
  expect([result.code, result.stderr]).toEqual([4, expect.stringContaining('its folder belongs to nobody')]);
  chownSync(rig.runtimeDir, 0, 0);
});

it.runIf(canTry)('another user can neither connect to the socket nor read a record', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  await rig.ok('start');
  for (const folder of [dirname(rig.workspace), rig.workspace]) chmodSync(folder, 0o755);
  const { socket } = JSON.parse(rig.read('.upkeep/daemon.json'));
  const connects =
    "require('net').connect(process.argv[1]).on('error', (e) => { console.log(e.code); process.exit(9) })";
  const [program = '', ...args] = [...AS_STRANGER, NODE, '-e', connects, socket];
  const tried = spawnSync(program, args, { encoding: 'utf8', cwd: '/' });
  expect([tried.status, tried.stdout.trim()]).toEqual([9, 'EACCES']);
  for (const path of ['.upkeep/config.json', '.server-logs', '.server-daemon-state.json'])
    expect(succeeds([...AS_STRANGER, 'test', '-r', rig.path(path)]), path).toBe(false);
});

it.runIf(canTry)('init says what it can neither read nor write', async () => {
  const rig = await testRig();
  const scripts = { dev: 'node s.js' };
  rig.write('package.json', JSON.stringify({ workspaces: ['packages/*', 'more/*'] }));
  for (const name of ['packages/open', 'packages/shut', 'more/none'])
    rig.write(`${name}/package.json`, JSON.stringify({ name: name.split('/')[1], scripts }));
  for (const folder of [dirname(rig.workspace), rig.workspace]) chmodSync(folder, 0o755);
  for (const name of ['packages/shut', 'more']) chmodSync(rig.path(name), 0o700);
  const init = () => {
    const [program = '', ...args] = [...AS_STRANGER, NODE, CLI, 'init', '--yes'];
    return spawnSync(program, args, { encoding: 'utf8', cwd: rig.workspace });
  };
  const refused = init();
  expect(refused.stdout).toMatch(/Left out:\n {2}more: .*EACCES.*\n {2}packages\/shut.*: .*EACCES/);
  expect(refused.stderr).toMatch(
    /upkeep.config.\w+ cannot be written in .*EACCES.*\n {2}Nothing was written\./,
  );
  expect(refused.status).toBe(3);
  chmodSync(rig.workspace, 0o777);
  expect(init()).toMatchObject({ status: 0, stdout: expect.stringContaining('Start everything with') });
});

it.runIf(canTry)('records that another user has put there are refused', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  mkdirSync(rig.path('.upkeep'), { mode: 0o777 });
  chownSync(rig.path('.upkeep'), STRANGER, STRANGER);
  for (const command of ['start', 'clean']) {
    const result = await rig.cli(command);
    expect([result.code, result.stderr]).toEqual([
      4,
      expect.stringMatching(/\.upkeep is not yours: it belongs to nobody/),
    ]);
  }
  expect(readdirSync(rig.path('.upkeep'))).toEqual([]);
});

it('records into which others can write are refused', async () => {
  const rig = await testRig();
  // It is still being read when the folder has been refused.
  rig.write(
    'upkeep.config.mjs',
    `await new Promise((resolve) => setTimeout(resolve, 300));
export default { services: { web: { command: 'sleep 100' } } };
`,
  );
  mkdirSync(rig.path('.upkeep'));
  chmodSync(rig.path('.upkeep'), 0o777);
  for (const command of [['start'], ['restart'], ['start', '--json'], ['up'], ['open']]) {
    const { code, stdout, stderr } = await rig.cli(...command);
    expect([command[0], code, stdout]).toEqual([command[0], 4, '']);
    expect(stderr).toMatch(/^[^\n]*Others can write to [^\n]*\n[^\n]*chmod 700[^\n]*\n$/);
  }
  expect(readdirSync(rig.path('.upkeep'))).toEqual([]);
});

it('a folder for sockets that is no absolute path is refused', async () => {
  const rig = await testRig();
  rig.write('upkeep.config.mjs', "export default { services: { web: { command: 'sleep 100' } } };\n");
  const env = { UPKEEP_RUNTIME_DIR: 'foo' };
  const { code, stderr } = await rig.beginCli(['start'], { env }).done;
  expect([code, stderr]).toEqual([4, expect.stringMatching(/^[^\n]*foo[^\n]*\n[^\n]*\n$/)]);
});

it.runIf(canTry)(
  'a configuration that another user has left where anybody can write is not run',
  async () => {
    const rig = await testRig();
    rig.write(
      'upkeep.config.cjs',
      "require('fs').writeFileSync('ran', ''); module.exports = { services: {} };",
    );
    rig.write('mine/x', '');
    chownSync(rig.path('upkeep.config.cjs'), STRANGER, STRANGER);
    chmodSync(rig.workspace, 0o1777);
    const result = await rig.beginCli(['start'], { cwd: rig.path('mine') }).done;
    expect([result.code, result.stderr]).toEqual([3, expect.stringContaining('it belongs to nobody')]);
    expect(existsSync(rig.path('mine/ran'))).toBe(false);
  },
);

/** Starts web with a log that cannot be written, and answers what `status` says of that. */
async function noteOfLog(rig: Rig): Promise<string> {
  await rig.ok('start');
  await (await rig.nextInvocation('web')).print(1, 'secret line');
  return rig.eventually(async () => (await rig.service('web')).notes.join(), 'status tells of the log');
}

it.runIf(canTry)('nothing is written through a link, or into a file or folder, of another user', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  const target = rig.path('target');
  writeFileSync(target, 'kept');
  const logs = rig.path('.server-logs');
  for (const folder of [dirname(rig.workspace), rig.workspace]) chmodSync(folder, 0o755);
  mkdirSync(logs);
  chmodSync(logs, 0o1777);
  // Its own file is put there by a stranger, open to all: it would read what we print.
  writeFileSync(join(logs, 'web.log'), '');
  chmodSync(join(logs, 'web.log'), 0o666);
  chownSync(join(logs, 'web.log'), STRANGER, STRANGER);
  expect(await noteOfLog(rig)).toMatch(/web\.log is not to be written to: it belongs to nobody/);
  rmSync(join(logs, 'web.log'));
  execFileSync(AS_STRANGER[0] ?? '', [...AS_STRANGER.slice(1), 'ln', '-s', target, join(logs, 'api.log')], {
    cwd: '/',
  });
  rig.configure({ web: {}, api: {} });
  await rig.ok('start');
  await (await rig.nextInvocation('api')).print(1, 'secret line');
  await rig.eventually(async () => (await rig.service('api')).notes.join(), 'status tells of the log');
  expect(readFileSync(target, 'utf8')).toBe('kept');
  // Once it is out of the way, nothing is lost.
  rmSync(join(logs, 'api.log'));
  await rig.eventually(
    () => existsSync(join(logs, 'api.log')) && rig.read('.server-logs/api.log').includes('secret line'),
    'the log goes on',
  );
  expect(livingDaemon(rig)).not.toBeNull();
});

it("a link of one's own is followed, and a planted one for a record is replaced", async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  const target = rig.path('target');
  writeFileSync(target, 'kept');
  symlinkSync(target, rig.path('.server-daemon-state.json'));
  mkdirSync(rig.path('elsewhere'));
  symlinkSync(rig.path('elsewhere'), rig.path('.server-logs'));
  await rig.ok('start');
  await (await rig.nextInvocation('web')).print(1, 'a line');
  await rig.eventually(() => existsSync(rig.path('elsewhere/web.log')), 'the log is there');
  expect(readFileSync(target, 'utf8')).toBe('kept');
  expect(JSON.parse(rig.read('.server-daemon-state.json')).servers).toEqual(['web']);
});

it('a named pipe in place of the state file holds up nobody', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  execFileSync('mkfifo', [rig.path('.server-daemon-state.json')]);
  await rig.ok('start');
  expect(JSON.parse(rig.read('.server-daemon-state.json')).servers).toEqual(['web']);
});
