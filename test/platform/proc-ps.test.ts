/** ps(1) as macOS prints it, and this machine's own. */
import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { isAlive, systemProcesses } from '../../src/platform/proc.ts';
import { parseLine, psProcesses } from '../../src/platform/proc-ps.ts';

/** `ps -A -o pid=,ppid=,pgid=,stat=,rss=,time=,lstart=` of a Mac. */
const MACOS = `    1     0     1 Ss    17424   5:42.31 Mon Nov 16 08:12:01 2026    
  372     1   372 S      9120   0:07.05 Mon Nov 16 08:12:44 2026    
48613   372 48613 S+    81472   1:02.50 Fri Nov 20 23:59:59 2026    
48700 48613 48613 Z         0   0:00.00 Sat Nov 21 00:00:00 2026    
50000     1 50000 Ss    60000 117:03.99 Sun Nov  1 01:02:03 2026    
`;

describe('what macOS prints', () => {
  const processes = psProcesses((args) => (args.includes('-A') || args.includes('48613') ? MACOS : ''));

  it('is read line by line', () => {
    const all = processes.all();
    expect([...all.keys()]).toEqual([1, 372, 48613, 48700, 50000]);
    expect(all.get(48613)).toEqual({
      pid: 48613,
      ppid: 372,
      pgid: 48613,
      session: 0,
      zombie: false,
      cpu: 62_500,
      memory: 81_472 * 1024,
      start: new Date(2026, 10, 20, 23, 59, 59).getTime() / 1000,
    });
    expect(all.get(48700)?.zombie).toBe(true);
    expect(all.get(50000)?.cpu).toBe((117 * 60 + 3.99) * 1000);
  });

  it('answers for one process', () => {
    expect(processes.get(48613)?.ppid).toBe(372);
    expect(processes.get(2)).toBeNull();
  });
});

it.each([
  ['0:01.50', 1_500],
  ['00:00:07', 7_000],
  ['01:02:03', 3_723_000],
  ['2-01:00:00', 176_400_000],
])('the CPU time %s is %d ms', (time, ms) => {
  expect(parseLine(`1 0 1 S 5 ${time} Mon Nov 16 08:12:01 2026`)?.cpu).toBe(ms);
});

it.each(['', '  PID  PPID', 'x 1 1 S 5 0:00 Mon', '1 2 3'])('%j is no process', (line) => {
  expect(parseLine(line)).toBeNull();
});

describe('the environment behind a command', () => {
  const processes = psProcesses((args) =>
    args.includes('-A')
      ? '   12 node a.js UPKEEP_WORKSPACE=0123 UPKEEP_RUN=4\n   13 idle\n'
      : args.includes('12')
        ? 'node a.js --x=1 UPKEEP_WORKSPACE=0123 UPKEEP_SERVICE=web PATH=/bin:/usr/bin\n'
        : '',
  );

  it('is found, of one or of all', () => {
    expect(processes.environment(12)?.get('UPKEEP_SERVICE')).toBe('web');
    expect(processes.environment(14)).toBeNull();
    expect([...processes.environments().keys()]).toEqual([12]);
    expect(processes.environments().get(12)?.get('UPKEEP_RUN')).toBe('4');
  });
});

describe('forced on this machine', () => {
  const { UPKEEP_PLATFORM: before } = process.env;
  afterEach(() => {
    if (before === undefined) delete process.env['UPKEEP_PLATFORM'];
    else process.env['UPKEEP_PLATFORM'] = before;
  });

  it('tells of a real process until it is gone', async () => {
    process.env['UPKEEP_PLATFORM'] = 'ps';
    const processes = systemProcesses();
    const child = spawn('sleep', ['1000']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await new Promise((resolve) => child.once('spawn', resolve));
    const pid = child.pid ?? 0;
    const found = processes.get(pid);
    expect(found).toMatchObject({ pid, ppid: process.pid, session: 0, zombie: false });
    expect(processes.commandLine(pid)).toBe('sleep 1000');
    expect(Math.abs((found?.start ?? 0) - Date.now() / 1000)).toBeLessThan(60);
    expect(processes.all().get(pid)?.start).toBe(found?.start);
    if (found !== null) expect(isAlive(processes, found)).toBe(true);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(processes.get(pid)).toBeNull();
    expect(processes.commandLine(pid)).toBeNull();
  });

  it('knows this process by the same facts as /proc does', () => {
    delete process.env['UPKEEP_PLATFORM'];
    const byProc = systemProcesses().get(process.pid);
    process.env['UPKEEP_PLATFORM'] = 'ps';
    const byPs = systemProcesses().get(process.pid);
    expect([byPs?.ppid, byPs?.pgid]).toEqual([byProc?.ppid, byProc?.pgid]);
  });
});
