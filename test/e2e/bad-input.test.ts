/** Every mistake has its message and its exit code, and disturbs nothing else. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { CommandResult } from '../rig/command.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import { expectUndisturbed, told, withBystander } from './bystander.ts';
import { answeringPid, expectRuns, logOf, untilState } from './support.ts';

afterEach(expectUndisturbed);

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

  it('on Windows: where to use it instead', async () => {
    const rig = await testRig();
    rig.write('windows.cjs', "Object.defineProperty(process, 'platform', { value: 'win32' });\n");
    const env = { NODE_OPTIONS: `--require ${rig.path('windows.cjs')}` };
    const result = await rig.beginCli(['start'], { env }).done;
    expect(result.code).toBe(2);
    expect(told(result)).toMatch(/does not run on Windows itself[\s\S]*WSL/);
    expect(told(result)).not.toContain('at ');
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
    await rig.eventually(
      async () => /upkeep\.config\.json/.test((await rig.status()).notes.join()),
      'a note about the configuration',
    );
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
    expect(await untilState(rig, 'bad', 'crashed')).toMatchObject({ exit: { code: 42 } });
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
