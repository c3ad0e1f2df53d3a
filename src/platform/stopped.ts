import { readText } from './files.ts';

/** Whether a process has been stopped by a signal (SIGSTOP; `state` in proc_pid_stat(5)). False where that cannot be told. */
export function isStopped(pid: number): boolean {
  const state = /\) (\w)/.exec(readText(`/proc/${pid}/stat`) ?? '')?.[1];
  return state === 'T' || state === 't';
}
