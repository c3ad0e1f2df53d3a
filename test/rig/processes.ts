/** What the kernel says about processes (proc(5)): the rig's own eyes, independent of the code under test. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface ProcessInfo {
  readonly pid: number;
  readonly ppid: number;
  readonly group: number;
  readonly session: number;
  /** Device number of its controlling terminal; 0: none. */
  readonly terminal: number;
  /** One letter: R, S, D, Z… */
  readonly state: string;
  /** Kernel start time in clock ticks since boot: with the pid, its identity. */
  readonly start: number;
  readonly threads: number;
  readonly command: string;
}

/** Null when there is no such process (any more). A zombie still has an entry. */
export function lookUp(pid: number): ProcessInfo | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in parentheses may hold spaces and parentheses itself: everything after the last one counts.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const words = (read(`/proc/${pid}/cmdline`) ?? '').split('\0').filter((word) => word !== '');
  return {
    pid,
    state: fields[0] ?? '?',
    ppid: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    terminal: Number(fields[4]),
    start: Number(fields[19]),
    threads: Number(fields[17]),
    command: words.join(' '),
  };
}

/**
 * A zombie is dead: it only waits to be asked for its exit. But while other threads of it still end, only its
 * main thread is one, and its files and ports are still open.
 */
export function isAlive(pid: number): boolean {
  const info = lookUp(pid);
  return info !== null && ((info.state !== 'Z' && info.state !== 'X') || info.threads > 1);
}

/** Living processes that have `variable` ("NAME=value") in their environment, or whose cwd is in `folder`. */
export function findMarked(variable: string, folder: string): ProcessInfo[] {
  const found: ProcessInfo[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    if (!hasVariable(pid, variable) && !isInside(pid, folder)) continue;
    const info = lookUp(pid);
    if (info && isAlive(pid)) found.push(info);
  }
  return found;
}

export function describe(info: ProcessInfo): string {
  const { pid, ppid, group, session, state, command } = info;
  return `${pid} (parent ${ppid}, group ${group}, session ${session}, ${state}) ${command.slice(0, 160)}`;
}

/** Sends the signal only if the pid still belongs to the process that was looked up. */
export function signalExactly(info: ProcessInfo, signal: NodeJS.Signals): void {
  if (lookUp(info.pid)?.start !== info.start) return;
  try {
    process.kill(info.pid, signal);
  } catch {
    // It ended in between.
  }
}

function hasVariable(pid: number, variable: string): boolean {
  return read(`/proc/${pid}/environ`)?.split('\0').includes(variable) ?? false;
}

function isInside(pid: number, folder: string): boolean {
  try {
    const cwd = readlinkSync(`/proc/${pid}/cwd`);
    return cwd === folder || cwd.startsWith(`${folder}/`);
  } catch {
    return false;
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
