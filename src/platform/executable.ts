/** Which file a process executes: proc_pid_exe(5). */
import { statSync } from 'node:fs';

/** Whether it executes what is at this path now. False also where that cannot be told: no /proc, or not ours. */
export function executes(pid: number, path: string): boolean {
  try {
    const own = statSync(`/proc/${pid}/exe`);
    const its = statSync(path);
    return own.ino === its.ino && own.dev === its.dev;
  } catch {
    return false;
  }
}
