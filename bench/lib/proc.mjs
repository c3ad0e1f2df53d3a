// What the kernel knows of a process, from /proc (proc(5)).
import { readdirSync, readFileSync } from 'node:fs';

export function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

export function pids() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

export function commandLine(pid) {
  return read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim();
}

/** Also false for a zombie: it has ended, only nobody asked yet. */
export function isRunning(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat !== '' && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}

export function parentOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/**
 * CPU time of all threads in ms, from schedstat, which counts nanoseconds: utime and stime in `stat`
 * count ticks of 10 ms, too coarse for a process that is idle.
 */
export function cpuMs(pid) {
  return (
    tasks(pid).reduce((sum, task) => sum + Number(read(`${task}/schedstat`).split(' ')[0] || 0), 0) / 1e6
  );
}

/** How often its threads went to sleep by themselves, in all: each is one wakeup. */
export function wakeups(pid) {
  return tasks(pid).reduce((sum, task) => sum + field(read(`${task}/status`), 'voluntary_ctxt_switches'), 0);
}

/** In MB (2^20 bytes). `unique`: what would be free if it ended; `pss`: shared pages counted by their share. */
export function memory(pid) {
  const rollup = read(`/proc/${pid}/smaps_rollup`);
  const mb = (name) => field(rollup, name) / 1024;
  return { rss: mb('Rss'), pss: mb('Pss'), unique: mb('Private_Clean') + mb('Private_Dirty') };
}

function tasks(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).map((tid) => `/proc/${pid}/task/${tid}`);
  } catch {
    return [];
  }
}

function field(text, name) {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? 0);
}
