/** Processes as told by /proc: see proc(5). */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import type { Processes, ProcessInfo } from './proc.ts';
import { readProcFile } from './proc-file.ts';
import { withReserve } from './reserve.ts';

/** USER_HZ, fixed at 100 in the kernel's interface to user space on every architecture that Node runs on. */
const MS_PER_TICK = 10;

export function linuxProcesses(proc = '/proc'): Processes {
  const pageSize = pageSizeOf(proc);
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
      const kernel = kernelThreads(proc);
      for (const entry of withReserve(() => readdirSync(proc))) {
        const pid = Number(entry);
        if (!Number.isInteger(pid) || kernel.has(entry)) continue;
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
      for (const entry of withReserve(() => readdirSync(proc))) {
        const pid = Number(entry);
        const variables = Number.isInteger(pid) ? environment(pid) : null;
        if (variables !== null) found.set(pid, variables);
      }
      return found;
    },
    now() {
      const [seconds] = (readProcFile(`${proc}/uptime`) ?? '').split(' ');
      return Math.floor((Number(seconds) * 1000) / MS_PER_TICK);
    },
    bootId() {
      boot ??= readProcFile(`${proc}/sys/kernel/random/boot_id`)?.trim() ?? 'unknown';
      return boot;
    },
  };
}

/** Flag of kthreadd's and its children's: PF_KTHREAD in the kernel's include/linux/sched.h. */
const KERNEL_THREAD = 0x00200000;

/**
 * The threads of the kernel, which are half of the table on many machines, and nobody's processes: one file names
 * them all. None where it cannot be told (a container, where pid 2 is somebody; a kernel without CONFIG_PROC_CHILDREN).
 */
function kernelThreads(proc: string): Set<string> {
  const fields = fieldsOf(readProcFile(`${proc}/2/stat`, true) ?? '', 9);
  const isTheirs = fields[PPID] === '0' && (Number(fields[FLAGS]) & KERNEL_THREAD) !== 0;
  return new Set(isTheirs ? readProcFile(`${proc}/2/task/2/children`)?.trim().split(' ') : []);
}

/**
 * One line of /proc/PID/stat. The command name stands in parentheses and may itself hold
 * spaces and parentheses, so the fields are counted from the last `)`.
 */
export function parseStat(line: string, pageSize: number): ProcessInfo | null {
  const fields = fieldsOf(line, LAST_FIELD);
  if (fields.length === 0) return null;
  const field = (number: number): number => Number(fields[number - FIRST_FIELD]);
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

/** The first field behind the name, and the last that anybody asks for; numbered as in proc_pid_stat(5). */
const FIRST_FIELD = 3;
const LAST_FIELD = 24;
const PPID = 4 - FIRST_FIELD;
const FLAGS = 9 - FIRST_FIELD;

/** The fields behind the name, up to number `last`; none when this is no such line. */
function fieldsOf(line: string, last: number): string[] {
  const close = line.lastIndexOf(')');
  return close < 0 ? [] : line.slice(close + 2).split(' ', last - FIRST_FIELD + 1);
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

/** In the kernel's include/uapi/linux/auxvec.h. */
const AT_PAGESZ = 6;

const pageSizes = new Map<string, number>();

/** It does not change while this process lives. */
function pageSizeOf(proc: string): number {
  const known = pageSizes.get(proc) ?? readPageSize(proc);
  pageSizes.set(proc, known);
  return known;
}

/** The page size, from the auxiliary vector that the kernel gave this process (getauxval(3)). Pairs of 64 bits, little-endian. */
function readPageSize(proc: string): number {
  try {
    const auxv = Buffer.alloc(1024);
    const fd = openSync(`${proc}/self/auxv`, 'r');
    const length = readSync(fd, auxv);
    closeSync(fd);
    for (let at = 0; at + 16 <= length; at += 16) {
      if (auxv.readUInt32LE(at) === AT_PAGESZ) return auxv.readUInt32LE(at + 8);
    }
  } catch {
    // Not readable in some sandboxes; 4 KiB is right on nearly every machine.
  }
  return 4096;
}
