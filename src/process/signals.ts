/** Sending signals, with identity checked: a pid alone may by now be somebody else. */
import type { ProcessId } from '../contract/process-id.ts';
import { isAlive, type Processes } from '../platform/proc.ts';

/** Signals a process group; 0 only asks. False when it is empty (ESRCH) or not ours (EPERM). */
export function signalGroup(pgid: number, signal: NodeJS.Signals | 0): boolean {
  if (pgid <= 1) return false;
  try {
    return process.kill(-pgid, signal);
  } catch {
    return false;
  }
}

/** Signals one process if it is still the one meant, and wakes it when it is stopped, so that it can obey. */
export function signalProcess(processes: Processes, id: ProcessId, signal: NodeJS.Signals): boolean {
  if (id.pid <= 1 || !isAlive(processes, id)) return false;
  try {
    process.kill(id.pid, signal);
    if (signal !== 'SIGKILL') process.kill(id.pid, 'SIGCONT');
    return true;
  } catch {
    return false;
  }
}
