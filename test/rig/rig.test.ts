/** The rig itself: what all black-box tests trust must be shown to work, and to be able to fail. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import type { SpawnHow } from './invocation.ts';
import { claimPort, isFree } from './ports.ts';
import { isAlive, lookUp } from './processes.ts';
import { createRig, NODE, type Rig, testRig } from './rig.ts';
import { RIG_PREFIX, RIG_SOCKET, sweepAbandoned } from './sweep.ts';

const HOWS: SpawnHow[] = ['plain', 'setsid', 'double-fork', 'clean', 'clean-double-fork'];

function get(port: number): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
}

describe('a fake server', () => {
  it('announces itself', async () => {
    const rig = await testRig();
    const web = await rig.spawn('web');
    expect(web.hello).toMatchObject({ name: 'web', ppid: process.pid, cwd: rig.workspace });
    expect(web.hello.env.UPKEEP_RIG_SOCKET).toBe(rig.socket);
    expect(lookUp(web.pid)?.command).toContain('servers/web.mjs');
  });

  it('listens, answers as it is told, and closes the port', async () => {
    const rig = await testRig();
    const web = await rig.spawn('web');
    const port = await rig.port();
    await web.listen(port);
    expect(await (await get(port)).json()).toMatchObject({ name: 'web', pid: web.pid });
    await web.do({ do: 'answer', status: 503, body: 'no' });
    const refusal = await get(port);
    expect([refusal.status, await refusal.text()]).toEqual([503, 'no']);
    await web.do({ do: 'close', port });
    expect(await isFree(port)).toBe(true);
  });

  it('prints', async () => {
    const rig = await testRig();
    const running = rig.beginFake('web', [
      { do: 'print', lines: 2 },
      { do: 'print', text: 'no newline', stream: 'stderr' },
      { do: 'chatter', prefix: 'chat', lines: 2, exit: 7 },
    ]);
    expect(await running.done).toMatchObject({
      code: 7,
      stdout: 'line 1\nline 2\nchat 1\nchat 2\n',
      stderr: 'no newline',
    });
  });

  it('ends by exit code and by signal', async () => {
    const rig = await testRig();
    const byCode = rig.beginFake('code');
    await (await rig.nextInvocation('code')).exit(3);
    expect(await byCode.done).toMatchObject({ code: 3, signal: null });
    const bySignal = rig.beginFake('signal');
    await (await rig.nextInvocation('signal')).kill('SIGSEGV');
    expect(await bySignal.done).toMatchObject({ code: null, signal: 'SIGSEGV' });
    const byError = rig.beginFake('error');
    await (await rig.nextInvocation('error')).end({ do: 'throw', message: 'as told' });
    expect(await byError.done).toMatchObject({ code: 1, stderr: expect.stringContaining('as told') });
  });

  it('ignores a signal, or exits in its own way', async () => {
    const rig = await testRig();
    const stubborn = await rig.spawn('stubborn');
    await stubborn.ignore('SIGTERM');
    process.kill(stubborn.pid, 'SIGTERM');
    await stubborn.do({ do: 'ping' });
    const polite = rig.beginFake('polite', [{ do: 'onSignal', signal: 'SIGTERM', code: 4, say: 'bye' }]);
    const invocation = await rig.nextInvocation('polite');
    // It is announced before it obeys its first commands.
    await invocation.do({ do: 'ping' });
    process.kill(invocation.pid, 'SIGTERM');
    expect(await polite.done).toMatchObject({ code: 4, stdout: 'bye\n' });
  });

  it('dies of a taken port like a server that does not handle it', async () => {
    const rig = await testRig();
    const port = await rig.port();
    await (await rig.spawn('first')).listen(port);
    const second = rig.beginFake('second', [{ do: 'listen', port }]);
    expect(await second.done).toMatchObject({ code: 1, stderr: expect.stringContaining('EADDRINUSE') });
  });

  it('writes files, and says when it cannot obey', async () => {
    const rig = await testRig();
    const web = await rig.spawn('web');
    await web.do({ do: 'write', file: 'made.txt', text: 'made', rename: true });
    expect(rig.read('made.txt')).toBe('made');
    await expect(web.do({ do: 'write', file: 'no/such/folder', text: '' })).rejects.toThrow('ENOENT');
  });

  it('goes on serving while the test is away, and comes back', async () => {
    const rig = await testRig();
    const web = await rig.spawn('web');
    const port = await rig.port();
    await web.listen(port);
    rig.switchboard.hangUp();
    await web.gone;
    expect((await get(port)).status).toBe(200);
    expect((await rig.nextInvocation('web')).pid).toBe(web.pid);
  });

  it.each(HOWS)('spawns a descendant: %s', async (how) => {
    const rig = await testRig();
    const web = await rig.spawn('web');
    await web.do({ do: 'spawn', as: 'child', how });
    const child = await rig.nextInvocation('child');
    const info = lookUp(child.pid);
    if (how.includes('double-fork')) await eventually(() => lookUp(child.pid)?.ppid !== web.pid, 'an orphan');
    else expect(info?.ppid).toBe(web.pid);
    expect(info?.session === lookUp(web.pid)?.session).toBe(how === 'plain');
    expect(Object.keys(child.hello.env).length === 0).toBe(how.startsWith('clean'));
    await child.exit();
  });
});

describe('dispose', () => {
  it('leaves no process and no file', async () => {
    const rig = await createRig('odd');
    const web = await rig.spawn('web');
    await rig.dispose();
    expect(isAlive(web.pid)).toBe(false);
    expect(existsSync(rig.workspace)).toBe(false);
    expect(existsSync(rig.runtimeDir)).toBe(false);
  });

  it.each(HOWS)('fails when something is left behind, and ends it: %s', async (how) => {
    const rig = await createRig();
    const left = await descendant(rig, how);
    await expect(rig.dispose(100)).rejects.toThrow(`left behind after upkeep stop`);
    expect(isAlive(left)).toBe(false);
  });
});

describe('sweeping', () => {
  it('ends what the rig of a killed test process left, and no rig that is in use', async () => {
    const used = await testRig();
    const web = await used.spawn('web');
    const folder = mkdtempSync(join(tmpdir(), RIG_PREFIX));
    const socket = join(folder, RIG_SOCKET);
    const listen = `require('node:net').createServer().listen(process.argv[1], () => console.log('up'))`;
    const holder = spawn(NODE, ['-e', listen, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const left = spawn('sleep', ['60'], { env: { PATH: process.env.PATH, UPKEEP_RIG_SOCKET: socket } });
    const leftEnds = once(left, 'exit');
    await sweepAbandoned();
    expect(await leftEnds).toEqual([null, 'SIGKILL']);
    expect(existsSync(folder)).toBe(false);
    await web.do({ do: 'ping' });
  });
});

async function descendant(rig: Rig, how: SpawnHow): Promise<number> {
  const web = await rig.spawn('web');
  await web.do({ do: 'spawn', as: 'child', how, commands: [{ do: 'onSignal', signal: 'SIGTERM' }] });
  return (await rig.nextInvocation('child')).pid;
}

describe('the workspace', () => {
  it('lies deep', async () => {
    const rig = await testRig('deep');
    expect(Buffer.byteLength(join(rig.workspace, '.upkeep'))).toBeGreaterThan(108);
    expect((await rig.spawn('web')).hello.cwd).toBe(rig.workspace);
  });

  it('has a configuration, and an entry file for each fake server', async () => {
    const rig = await testRig('odd');
    rig.configure({ 'web server': { port: 4000 }, other: { command: 'true' } }, { logDir: 'x' });
    const config = JSON.parse(rig.read('upkeep.config.json'));
    expect(config.logDir).toBe('x');
    expect(config.services.other).toEqual({ command: 'true' });
    expect(config.services['web server']).toMatchObject({
      port: 4000,
      command: ['node', 'servers/web%20server.mjs', 'web server', '{"do":"listen","port":4000}'],
    });
    expect(rig.read(rig.entry('web server'))).toContain('fake-server.mjs');
  });
});

describe('ports', () => {
  it('are claimed once', async () => {
    const claims = await Promise.all(Array.from({ length: 50 }, () => claimPort()));
    expect(new Set(claims.map((claim) => claim.port)).size).toBe(50);
    for (const claim of claims) await claim.release();
  });
});

describe('a terminal', () => {
  it('runs lines in a shell on a tty', async () => {
    const terminal = (await testRig()).terminal();
    expect(await terminal.run('tty')).toMatchObject({
      code: 0,
      output: expect.stringContaining('/dev/pts/'),
    });
    expect(await terminal.run('false')).toMatchObject({ code: 1 });
  });

  it('hangs up what runs in it when it is closed', async () => {
    const rig = await testRig();
    const terminal = rig.terminal();
    terminal.type(
      `${rig
        .fake('web', [{ do: 'onSignal', signal: 'SIGHUP', code: 9 }])
        .map(quoted)
        .join(' ')}`,
    );
    const web = await rig.nextInvocation('web');
    await terminal.close();
    await web.gone;
    await eventually(() => !isAlive(web.pid), 'the end of what ran in the terminal');
  });
});

describe('eventually', () => {
  it('says what it waited for, the last answer and the diagnosis', async () => {
    const diagnose = async () => 'as I see it';
    const waiting = eventually(() => 0, 'the moon', { within: 30, diagnose });
    await expect(waiting).rejects.toThrow(/in vain for: the moon\nlast answer: 0\nas I see it/);
  });

  it('takes a failing assertion for "not yet"', async () => {
    let asked = 0;
    const answer = await eventually(() => {
      expect(++asked).toBe(3);
      return asked;
    }, 'the third time');
    expect(answer).toBe(3);
  });
});

function quoted(word: string): string {
  return `'${word}'`;
}
