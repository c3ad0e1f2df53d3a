/** Processes as told by ps(1), for macOS and wherever /proc is missing. Slower, same answers. */
import { childProcess } from './lazy-builtin.ts';
import type { Processes, ProcessInfo } from './proc.ts';

const COLUMNS = 'pid=,ppid=,pgid=,stat=,rss=,time=,lstart=';

export function psProcesses(run: (args: string[]) => string = runPs): Processes {
  const query = (args: string[]): ProcessInfo[] =>
    run([...args, '-o', COLUMNS])
      .split('\n')
      .map(parseLine)
      .filter((info) => info !== null);
  return {
    all: () => new Map(query(['-A']).map((info) => [info.pid, info])),
    get: (pid) => query(['-p', String(pid)]).find((info) => info.pid === pid && !info.zombie) ?? null,
    commandLine: (pid) => run(['-ww', '-p', String(pid), '-o', 'args=']).trim() || null,
    environment: (pid) => parseEnvironment(run(['-Eww', '-p', String(pid), '-o', 'command='])),
    environments: () => parseEnvironments(run(['-A', '-Eww', '-o', 'pid=,command='])),
    now: () => Math.floor(Date.now() / 1000),
    bootId: () => bootTime(),
  };
}

/** `  123   1   123 Ss   2048 00:01.50 Mon Nov 23 18:30:00 2026`; time is [[dd-]hh:]mm:ss[.cc]. */
export function parseLine(line: string): ProcessInfo | null {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
  if (match === null) return null;
  const [, pid, ppid, pgid, stat = '', rss, time = '', started = ''] = match;
  return {
    pid: Number(pid),
    ppid: Number(ppid),
    pgid: Number(pgid),
    session: 0,
    zombie: stat.startsWith('Z'),
    cpu: parseCpuTime(time),
    memory: Number(rss) * 1024,
    start: Date.parse(started) / 1000,
  };
}

function parseCpuTime(text: string): number {
  const [clock = '', days = '0'] = text.split('-').reverse();
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1000;
}

/** `ps -E` puts the environment behind the command, unquoted: enough to find a mark without spaces. */
function parseEnvironment(text: string): Map<string, string> | null {
  const pairs = [...text.matchAll(/(?:^|\s)([A-Za-z_]\w*)=(\S*)/g)];
  return pairs.length === 0 ? null : new Map(pairs.map(([, key = '', value = '']) => [key, value]));
}

function parseEnvironments(text: string): Map<number, Map<string, string>> {
  const found = new Map<number, Map<string, string>>();
  for (const line of text.split('\n')) {
    const [, pid, rest = ''] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
    const environment = parseEnvironment(rest);
    if (pid !== undefined && environment !== null) found.set(Number(pid), environment);
  }
  return found;
}

function bootTime(): string {
  try {
    return childProcess()
      .execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      .trim();
  } catch {
    return 'unknown';
  }
}

function runPs(args: string[]): string {
  try {
    return childProcess().execFileSync('ps', args, {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    });
  } catch {
    // ps exits with 1 when the asked-for pid does not exist.
    return '';
  }
}
