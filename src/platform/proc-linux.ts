/** Processes as told by /proc: see proc(5). */
import { readdirSync, readFileSync } from 'node:fs';
import type { Processes, ProcessInfo } from './proc.ts';
import { readProcFile } from './proc-file.ts';

/** USER_HZ, fixed at 100 in the kernel's interface to user space on every architecture that Node runs on. */
const MS_PER_TICK = 10;

export function linuxProcesses(proc = '/proc'): Processes {
  const pageSize = readPageSize(proc);
  let boot: string | null = null;
  const read = (pid: number): ProcessInfo | null => {
    const stat = readProcFile(`${proc}/${pid}/stat`, true);
    return stat === null ? null : parseStat(stat, pageSize);
  };
  const environment = (pid: number) => {
    const text = readProcFile(`${proc}/${pid}/environ`);
    return text === null ? null : parseEnvironment(text);
  };
  return {
    all() {
      const found = new Map<number, ProcessInfo>();
      for (const entry of readdirSync(proc)) {
        const pid = Number(entry);
        if (!Number.isInteger(pid)) continue;
        const info = read(pid);
        if (info !== null) found.set(pid, info);
      }
      return found;
    },
    get(pid) {
      const info = read(pid);
      return info === null || info.zombie ? null : info;
    },
    commandLine(pid) {
      const line = readProcFile(`${proc}/${pid}/cmdline`);
      return line === null || line === '' ? null : line.replace(/\0+$/, '').replaceAll('\0', ' ');
    },
    environment,
    environments() {
      const found = new Map<number, Map<string, string>>();
      for (const entry of readdirSync(proc)) {
        const pid = Number(entry);
        const variables = Number.isInteger(pid) ? environment(pid) : null;
        if (variables !== null) found.set(pid, variables);
      }
      return found;
    },
    bootId() {
      boot ??= readProcFile(`${proc}/sys/kernel/random/boot_id`)?.trim() ?? 'unknown';
      return boot;
    },
  };
}

/**
 * One line of /proc/PID/stat. The command name stands in parentheses and may itself hold
 * spaces and parentheses, so the fields are counted from the last `)`.
 */
export function parseStat(line: string, pageSize: number): ProcessInfo | null {
  const close = line.lastIndexOf(')');
  if (close < 0) return null;
  const fields = line.slice(close + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  const state = fields[0];
  return {
    pid: Number.parseInt(line, 10),
    ppid: field(4),
    pgid: field(5),
    session: field(6),
    // A main thread that has ended is a zombie while others go on: the process lives, and so do its sockets.
    zombie: state === 'X' || state === 'x' || (state === 'Z' && !(field(20) > 1)),
    cpu: (field(14) + field(15)) * MS_PER_TICK,
    start: field(22),
    memory: field(24) * pageSize,
  };
}

function parseEnvironment(text: string): Map<string, string> {
  const pairs = text
    .split('\0')
    .filter((pair) => pair.includes('='))
    .map((pair): [string, string] => {
      const equals = pair.indexOf('=');
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    });
  return new Map(pairs);
}

/** The page size, from the auxiliary vector that the kernel gave this process (getauxval(3), AT_PAGESZ = 6). */
function readPageSize(proc: string): number {
  try {
    const auxv = readFileSync(`${proc}/self/auxv`);
    for (let at = 0; at + 16 <= auxv.length; at += 16) {
      if (auxv.readBigUInt64LE(at) === 6n) return Number(auxv.readBigUInt64LE(at + 8));
    }
  } catch {
    // Not readable in some sandboxes; 4 KiB is right on nearly every machine.
  }
  return 4096;
}
