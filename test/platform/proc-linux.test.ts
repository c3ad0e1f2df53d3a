/** /proc as proc(5) has it: names that are made to confuse, and this machine's own. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../../src/platform/proc.ts';
import { linuxProcesses, parseStat } from '../../src/platform/proc-linux.ts';

/** A line with field n of the manual page holding 100 · n, from field 4 on, but for the number of threads (20). */
function statLine(name: string, state = 'S', threads = 1): string {
  const fields = Array.from({ length: 49 }, (_, index) => (index + 4) * 100);
  fields[20 - 4] = threads;
  return `4242 (${name}) ${state} ${fields.join(' ')}\n`;
}

describe('parseStat', () => {
  const expected = {
    pid: 4242,
    ppid: 400,
    pgid: 500,
    session: 600,
    zombie: false,
    cpu: (1400 + 1500) * 10,
    start: 2200,
    memory: 2400 * 4096,
  };

  it.each(['node', 'a b', ')', '(', 'x) S 1 2 3', ') R (', '', 'Web Content', '\n', 'tmux: server'])(
    'is not confused by the name %j',
    (name) => {
      expect(parseStat(statLine(name), 4096)).toEqual(expected);
    },
  );

  it('nor by any other', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 15 }), (name) => {
        expect(parseStat(statLine(name), 4096)).toEqual(expected);
      }),
    );
  });

  it.each([
    ['Z', true],
    ['X', true],
    ['x', true],
    ['R', false],
    ['D', false],
    ['T', false],
  ])('state %s: dead is %s', (state, zombie) => {
    expect(parseStat(statLine('node', state), 1)?.zombie).toBe(zombie);
  });

  it('a zombie main thread is not the end of a process whose other threads live', () => {
    expect(parseStat(statLine('node', 'Z', 2), 1)?.zombie).toBe(false);
    expect(parseStat(statLine('node', 'Z', 0), 1)?.zombie).toBe(true);
  });

  it.each(['', '\n', '12 (node'])('%j is no line', (line) => {
    expect(parseStat(line, 1)).toBeNull();
  });
});

describe('linuxProcesses, over a made-up /proc', () => {
  function madeUp() {
    const proc = mkdtempSync(join(tmpdir(), 'upkeep-proc-'));
    onTestFinished(() => rmSync(proc, { recursive: true, force: true }));
    mkdirSync(join(proc, '4242'));
    mkdirSync(join(proc, '77'));
    mkdirSync(join(proc, 'self'));
    writeFileSync(join(proc, '4242', 'stat'), statLine('node', 'Z'));
    writeFileSync(join(proc, '4242', 'cmdline'), 'node\0server.js\0--name=a b\0\0');
    writeFileSync(join(proc, '4242', 'environ'), 'A=1\0B=x=y\0EMPTY=\0');
    return { proc, processes: linuxProcesses(proc) };
  }

  it('takes only numbers for processes, and passes over those that have just gone', () => {
    expect([...madeUp().processes.all().keys()]).toEqual([4242]);
  });

  it.each([
    ["the mother of the kernel's threads", '2 (kthreadd) S 0 0 0 0 -1 2129984 0', [2, 4242]],
    ["a container's second process, which has children", '2 (sh) S 0 2 2 0 -1 4194560 0', [2, 88, 4242]],
    ["a program that has their mother's name", '2 (kthreadd) S 1 0 0 0 -1 2129984 0', [2, 88, 4242]],
  ])('passes over the children of pid 2 when it is %s', (_, second, expected) => {
    const { proc, processes } = madeUp();
    for (const [pid, line] of [
      ['2', `${second}${' 0'.repeat(42)}\n`],
      ['88', `88 (kworker/0:1) I 2${' 0'.repeat(48)}\n`],
    ] as const) {
      mkdirSync(join(proc, pid, 'task', pid), { recursive: true });
      writeFileSync(join(proc, pid, 'stat'), line);
    }
    writeFileSync(join(proc, '2/task/2/children'), '88 99 ');
    expect([...processes.all().keys()].sort((a, b) => a - b)).toEqual(expected);
  });

  it('knows no zombie by its pid', () => {
    expect(madeUp().processes.get(4242)).toBeNull();
  });

  it('reads arguments and environment', () => {
    const { processes } = madeUp();
    expect(processes.commandLine(4242)).toBe('node server.js --name=a b');
    expect(processes.environment(4242)).toEqual(
      new Map([
        ['A', '1'],
        ['B', 'x=y'],
        ['EMPTY', ''],
      ]),
    );
    expect(processes.environments().get(4242)?.get('B')).toBe('x=y');
    expect([processes.commandLine(77), processes.environment(77)]).toEqual([null, null]);
  });

  it('does without what is missing', () => {
    expect(madeUp().processes.bootId()).toBe('unknown');
  });
});

describe.skipIf(process.platform !== 'linux')('linuxProcesses, of this machine', () => {
  const processes = linuxProcesses();

  it('knows this process', () => {
    const self = processes.get(process.pid);
    expect(self).toMatchObject({ pid: process.pid, ppid: process.ppid, zombie: false });
    expect(self?.memory).toBeGreaterThan(1_000_000);
    expect(processes.all().get(process.pid)?.start).toBe(self?.start);
    expect(processes.bootId()).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('reads an environment that is longer than one read', async () => {
    const LONG = 'x'.repeat(100_000);
    const child = spawn('sleep', ['1000'], { env: { ...process.env, LONG, LAST: 'z' } });
    onTestFinished(() => void child.kill('SIGKILL'));
    await new Promise((resolve) => child.once('spawn', resolve));
    const environment = processes.environment(child.pid ?? 0);
    expect([environment?.get('LONG')?.length, environment?.get('LAST')]).toEqual([100_000, 'z']);
  });

  it('takes a pid with another start for somebody else', () => {
    const start = processes.get(process.pid)?.start ?? 0;
    expect(isAlive(processes, { pid: process.pid, start })).toBe(true);
    expect(isAlive(processes, { pid: process.pid, start: start - 1 })).toBe(false);
  });
});
