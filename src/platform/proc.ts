/** What the kernel tells about processes, behind one interface: /proc on Linux, ps(1) elsewhere. */
import type { ProcessId } from '../contract/process-id.ts';
import { linuxProcesses } from './proc-linux.ts';
import { psProcesses } from './proc-ps.ts';

export interface ProcessInfo extends ProcessId {
  ppid: number;
  /** Process group. */
  pgid: number;
  /** Session id; 0 where the platform does not tell. */
  session: number;
  /** True for a process that ended and was not reaped yet: it looks alive to kill(2), but is not. */
  zombie: boolean;
  /** CPU time used so far, in ms. */
  cpu: number;
  /** Resident memory, in bytes. */
  memory: number;
}

export interface Processes {
  /** Every process that this user may see, by pid. */
  all(): Map<number, ProcessInfo>;
  /** One process; null when there is none, or only its zombie. */
  get(pid: number): ProcessInfo | null;
  /** Its command line, arguments joined by spaces; null when it cannot be read. */
  commandLine(pid: number): string | null;
  /** Its environment at its start; null when it cannot be read (not ours, or the platform does not tell). */
  environment(pid: number): Map<string, string> | null;
  /** The environments of all processes that can be read, at once: one by one ps(1) takes seconds. */
  environments(): Map<number, Map<string, string>>;
  /** The start time that a process would have which began now. */
  now(): number;
  /** An id that changes with every boot: a pid recorded under another one names nobody. */
  bootId(): string;
}

export function isAlive(processes: Processes, id: ProcessId): boolean {
  return processes.get(id.pid)?.start === id.start;
}

/** `UPKEEP_PLATFORM=ps` forces the portable reader, so that it is tested on Linux too. */
export function systemProcesses(): Processes {
  const forced = process.env['UPKEEP_PLATFORM'];
  return process.platform === 'linux' && forced !== 'ps' ? linuxProcesses() : psProcesses();
}
