/** Whatever earlier runs, other programs or a full disk left: it is told, mended or passed over. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isAlive, signalExactly } from '../rig/processes.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import { expectUndisturbed, told, withBystander } from './bystander.ts';
import { daemonsOf, guardOf, livingDaemon, logOf, untilState } from './support.ts';

afterEach(expectUndisturbed);

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
