/** Every mistake and every misfortune has its message and its exit code, and disturbs nothing else. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { CommandResult } from '../rig/command.ts';
import { isAlive, signalExactly } from '../rig/processes.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import { answeringPid, daemonsOf, expectRuns, guardOf, livingDaemon, logOf, untilState } from './support.ts';

/** A running server that no mistake may disturb. */
interface Bystander {
  readonly rig: Rig;
  readonly pid: number;
}

const bystanders: Bystander[] = [];

async function withBystander(): Promise<Bystander> {
  const rig = await testRig();
  rig.configure({ web: {}, other: {} });
  await rig.ok('start', 'web');
  const bystander = { rig, pid: (await rig.nextInvocation('web')).pid };
  bystanders.push(bystander);
  return bystander;
}

afterEach(async () => {
  for (const { pid, rig } of bystanders.splice(0)) {
    expect(isAlive(pid)).toBe(true);
    await expectRuns(rig, 'web', 1);
  }
});

/** What the person sees, in one text: a message, never a stack trace. */
function told(result: CommandResult): string {
  const text = result.stdout + result.stderr;
  expect(text).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(text).not.toContain('node:internal');
  return text;
}

describe('the command line', () => {
  it.each([
    { args: ['start', 'wbe'], names: ['wbe', 'web'] },
    { args: ['stop', 'wbe'], names: ['wbe', 'web'] },
    { args: ['restart', 'x*'], names: ['x*', 'web'] },
    { args: ['logs', 'wbe'], names: ['wbe', 'web'] },
    { args: ['status', 'wbe'], names: ['wbe', 'web'] },
    { args: ['start', '@nobody'], names: ['nobody'] },
    { args: ['start', '--nowait'], names: ['--nowait', '--no-wait'] },
    { args: ['stattus'], names: ['stattus', 'status'] },
    { args: ['start', 'web', 'wbe'], names: ['wbe', 'web'] },
  ])('upkeep $args', async ({ args, names }) => {
    const { rig } = await withBystander();
    const result = await rig.cli(...args);
    expect(result.code).toBe(2);
    for (const name of names) expect(told(result)).toContain(name);
    expect(result.stdout).toBe('');
    expect((await rig.service('other')).state).toBe('stopped');
  });
});

describe('the configuration', () => {
  it('is missing', async () => {
    const rig = await testRig();
    for (const command of ['start', 'status', 'stop', 'restart']) {
      const result = await rig.cli(command);
      expect(result.code).toBe(3);
      expect(told(result)).toContain('upkeep init');
    }
  });

  it.each([
    {
      what: 'broken JSON',
      text: '{\n  "services": {\n    "web": {\n  }\n',
      says: /upkeep\.config\.json:\d+/,
    },
    {
      what: 'an unknown key',
      text: '{ "services": { "web": { "command": "true", "prot": 1 } } }',
      says: /port/,
    },
    {
      what: 'a wrong kind of value',
      text: '{ "services": { "web": { "command": 5 } } }',
      says: /services\.web\.command/,
    },
    { what: 'no command', text: '{ "services": { "web": { "port": 4000 } } }', says: /command/ },
    { what: 'nothing at all', text: '', says: /upkeep\.config\.json/ },
    {
      what: 'a name that leaves the log folder',
      text: '{ "services": { "../x": "true" } }',
      says: /\.\.\/x/,
    },
    { what: 'a name of dots', text: '{ "services": { "..": "true" } }', says: /\.\./ },
  ])('has $what: nothing is started, what runs is left alone', async ({ text, says }) => {
    const { rig } = await withBystander();
    rig.write('upkeep.config.json', text);
    for (const command of ['start', 'restart']) {
      const result = await rig.cli(command);
      expect(result.code).toBe(3);
      expect(told(result)).toMatch(says);
    }
    // What runs can be seen and stopped all the same.
    expect((await rig.status()).services).toMatchObject([{ name: 'web', state: 'ready' }, { name: 'other' }]);
    expect((await rig.status()).notes.join()).toMatch(/upkeep\.config\.json/);
    await expectRuns(rig, 'other', 0);
  });
});

describe('a service', () => {
  /** A rig with a good service beside a bad one, after `start`. */
  async function startWith(bad: Record<string, unknown>): Promise<{ rig: Rig; result: CommandResult }> {
    const rig = await testRig();
    rig.configure({ good: {}, bad: { command: 'true', ...bad } });
    const result = await rig.cli('start');
    expect(result.code).toBe(1);
    expect((await rig.service('good')).state).toBe('ready');
    return { rig, result };
  }

  it('whose program does not exist', async () => {
    const { rig, result } = await startWith({ command: ['no-such-program-at-all', 'x'] });
    expect(told(result)).toContain('no-such-program-at-all');
    expect(await rig.service('bad')).toMatchObject({ state: 'crashed', reason: { kind: 'cannot-start' } });
  });

  it('whose program does not exist, in a shell', async () => {
    const { result } = await startWith({ command: 'no-such-program-at-all | cat && false' });
    expect(told(result)).toContain('no-such-program-at-all');
  });

  it('whose folder does not exist', async () => {
    const { rig, result } = await startWith({ cwd: 'no/such/folder' });
    expect(told(result)).toContain('no/such/folder');
    expect((await rig.service('bad')).reason).toMatchObject({ kind: 'cannot-start' });
    mkdirSync(rig.path('no/such/folder'), { recursive: true });
    rig.configure({ good: {}, bad: { command: ['sleep', '1000'], cwd: 'no/such/folder' } });
    await rig.ok('start', 'bad');
  });

  it('whose env file does not exist', async () => {
    const { rig, result } = await startWith({ envFile: '.env.nowhere' });
    expect(told(result)).toContain('.env.nowhere');
    expect((await rig.service('bad')).reason).toMatchObject({ kind: 'cannot-start' });
  });

  it('that dies at once: its last words are shown', async () => {
    const { rig, result } = await startWith({ command: 'echo my last words >&2; exit 42', port: 4999 });
    expect(told(result)).toContain('my last words');
    expect(told(result)).toContain('42');
    expect(await rig.service('bad')).toMatchObject({ state: 'crashed', exit: { code: 42 } });
  });

  it('that never becomes ready: it is told, and left running', async () => {
    const rig = await testRig();
    const port = await rig.port();
    rig.configure({ good: {}, bad: { port, does: [], ready: { timeout: '400ms' } } });
    const result = await rig.cli('start');
    expect(result.code).toBe(1);
    expect(told(result)).toMatch(/bad.*not ready/);
    expect(told(result)).toContain(String(port));
    const bad = await rig.nextInvocation('bad');
    const status = await rig.service('bad');
    expect(status).toMatchObject({ state: 'starting', ready: false, pid: bad.pid });
    expect(status.notes.join()).toContain('not ready');
    await bad.listen(port);
    expect((await untilState(rig, 'bad', 'ready')).notes).toEqual([]);
  });
});

describe('a place', () => {
  it.each(['deep', 'odd'] as const)('%s: everything works there', async (place) => {
    const rig = await testRig(place);
    const port = await rig.port();
    rig.configure({ 'größe 1': { port }, web: {} });
    await rig.ok('start');
    const first = await rig.nextInvocation('größe 1');
    await first.do({ do: 'print', text: 'здравствуй\n' });
    expect(await answeringPid(port)).toBe(first.pid);
    await rig.eventually(() => logOf(rig, 'größe 1').includes('здравствуй'), 'the line');
    expect((await rig.ok('logs', 'größe 1')).stdout).toContain('здравствуй');
    await first.exit(1);
    await rig.nextInvocation('größe 1');
    writeFileSync(rig.path(rig.entry('web')), `${rig.read(rig.entry('web'))}// edit\n`);
    await rig.nextInvocation('web');
    await rig.nextInvocation('web');
    await rig.ok('stop');
    await rig.eventually(() => rig.processes().length === 0, 'no process of the workspace');
  });

  it('inside the workspace serves as well as its root', async () => {
    const { rig } = await withBystander();
    mkdirSync(rig.path('a/b'), { recursive: true });
    const result = await rig.beginCli(['status', '--json'], { cwd: rig.path('a/b') }).done;
    expect(result.json()).toMatchObject({ workspace: rig.workspace });
  });
});

describe('what earlier runs left', () => {
  it.each(['', '{', '[]', '{"servers": 5}', '{"servers": ["gone", 7], "timestamp": null}', '\u0000\u0000'])(
    'a state file with %j in it',
    async (text) => {
      const rig = await testRig();
      rig.configure({ web: {}, other: {} });
      rig.write('.server-daemon-state.json', text);
      expect((await rig.status()).services).toHaveLength(2);
      await rig.ok('start', 'web');
      expect(JSON.parse(rig.read('.server-daemon-state.json')).servers).toEqual(['web']);
    },
  );

  it('garbage in every file of ours', async () => {
    const rig = await testRig();
    rig.configure({ web: {} });
    await rig.ok('start');
    await rig.ok('stop');
    await rig.eventually(() => rig.processes().length === 0, 'no process of the workspace');
    const files = garble(rig.path('.upkeep'));
    expect(files.some((file) => file.endsWith('run.json'))).toBe(true);
    expect((await rig.status()).services).toMatchObject([{ name: 'web', state: 'stopped' }]);
    await rig.ok('start');
    expect((await rig.service('web')).state).toBe('ready');
    await rig.ok('stop');
  });

  it('a run folder full of garbage, of a server that still runs when its daemon comes back', async () => {
    const { rig, pid } = await withBystander();
    const other = rig.path('.upkeep/runs/other/1');
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, 'run.json'), '{"run":');
    const daemon = livingDaemon(rig);
    signalExactly(guardOf(daemon), 'SIGKILL');
    signalExactly(daemon, 'SIGKILL');
    await rig.eventually(() => !isAlive(daemon.pid), 'the daemon is dead');
    await rig.ok('start');
    expect((await rig.service('web')).pid).toBe(pid);
    expect((await rig.service('other')).state).toBe('ready');
  });

  it('a socket on which nobody listens', async () => {
    const rig = await testRig();
    rig.configure({ web: {} });
    writeFileSync(socketOf(rig), 'no socket at all');
    await rig.ok('start');
    expect((await rig.service('web')).state).toBe('ready');
  });

  it('a daemon.json that names somebody else’s process', async () => {
    const rig = await testRig();
    rig.configure({ web: {} });
    rig.write('.upkeep/daemon.json', JSON.stringify({ pid: process.pid, start: 1, version: '0.0.1' }));
    expect((await rig.status()).daemon).toBe(null);
    await rig.ok('stop');
    await rig.ok('start');
    await rig.ok('stop');
  });

  it('a daemon of another version makes way: both versions are named, what it ran runs on', async () => {
    const { rig, pid } = await withBystander();
    const daemon = livingDaemon(rig);
    const record = JSON.parse(rig.read('.upkeep/daemon.json'));
    rig.write('.upkeep/daemon.json', JSON.stringify({ ...record, version: '99.1.2', protocol: 999 }));
    const result = await rig.ok('start', 'other');
    expect(told(result)).toContain('99.1.2');
    expect(told(result)).toContain((await rig.ok('--version')).stdout.trim());
    expect(isAlive(daemon.pid)).toBe(false);
    expect(daemonsOf(rig)).toHaveLength(1);
    expect(await untilState(rig, 'web', 'ready')).toMatchObject({ pid, run: 1 });
  });

  it('nothing, because the socket was removed under a living daemon', async () => {
    const { rig } = await withBystander();
    const daemon = livingDaemon(rig);
    rmSync(socketOf(rig));
    await rig.ok('start', 'other');
    expect(livingDaemon(rig).pid).toBe(daemon.pid);
    rmSync(rig.runtimeDir, { recursive: true });
    await rig.ok('stop', 'other');
    expect(livingDaemon(rig).pid).toBe(daemon.pid);
  });
});

describe('a disk', () => {
  it('that is full where the log is: the server runs on, and it is told', async () => {
    const rig = await testRig();
    rig.configure({ web: {}, other: {} });
    mkdirSync(rig.path('.server-logs'));
    symlinkSync('/dev/full', rig.path('.server-logs/web.log'));
    await rig.ok('start');
    const [web, other] = [await rig.nextInvocation('web'), await rig.nextInvocation('other')];
    await web.print(3);
    await rig.eventually(async () => (await rig.service('web')).notes.length > 0, 'a note about the log');
    expect((await rig.service('web')).notes.join()).toMatch(/log/);
    await other.print(1, 'fine');
    await rig.eventually(() => logOf(rig, 'other').includes('fine 1'), 'the other log');
    rmSync(rig.path('.server-logs/web.log'));
    await web.print(1, 'again');
    await rig.eventually(() => logOf(rig, 'web').includes('again 1'), 'the log is back');
    await rig.eventually(async () => (await rig.service('web')).notes.length === 0, 'the note is gone');
  });

  it('where the log folder cannot be made', async () => {
    const rig = await testRig();
    rig.configure({ web: {} });
    rig.write('.server-logs', 'a file stands where the folder should be');
    await rig.ok('start');
    const web = await rig.nextInvocation('web');
    await web.print(2);
    await rig.eventually(async () => (await rig.service('web')).notes.length > 0, 'a note about the log');
    rmSync(rig.path('.server-logs'));
    await web.print(1, 'later');
    await rig.eventually(() => logOf(rig, 'web').includes('later 1'), 'the log is there');
    expect(logOf(rig, 'web')).toContain('line 1\nline 2\n');
  });

  it('where our own folder cannot be made', async () => {
    const rig = await testRig();
    rig.configure({ web: {} });
    rig.write('.upkeep', 'a file stands where the folder should be');
    const result = await rig.cli('start');
    expect([1, 4]).toContain(result.code);
    expect(told(result)).toContain('.upkeep');
    expect(daemonsOf(rig)).toEqual([]);
  });
});

/** Where the daemon of the rig listens (the layout of src/platform/paths.ts). */
function socketOf(rig: Rig): string {
  const id = createHash('sha256').update(rig.workspace).digest('hex').slice(0, 16);
  return join(rig.runtimeDir, `${id}.sock`);
}

/** Overwrites every plain file in the folder, and returns them. */
function garble(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return garble(path);
    if (!entry.isFile()) return [];
    writeFileSync(path, '{"garbage": \u0000');
    return [path];
  });
}
