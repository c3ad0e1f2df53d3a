// Keeps the benchmark and the rest of the machine out of each other's way.
import { spawn, spawnSync } from 'node:child_process';
import { isRunning, pids, read } from './proc.mjs';
import { sleep } from './wait.mjs';

/** The variable by which everything that one benchmark starts is known, whoever its parent is by then. */
export const MARK = 'UPKEEP_BENCH_RUN';
const INSIDE = 'UPKEEP_BENCH_NETWORK';

/** `private`: ports of our own; `shared`: the machine's. */
export function network() {
  return process.env[INSIDE] ?? 'shared';
}

/**
 * Runs this same program again with a network of its own, so that the ports of the eleven servers are free
 * whatever else runs here. False when the kernel does not let us, or when we are in it already.
 */
export async function runInPrivateNetwork() {
  if (process.env[INSIDE] !== undefined) return false;
  const flags = ['-n', '-rn'].find(
    (flag) => spawnSync('unshare', [flag, 'sh', '-c', 'ip link set lo up'], { stdio: 'ignore' }).status === 0,
  );
  if (flags === undefined) return false;
  const script = 'ip link set lo up && exec "$@"';
  const argv = [flags, 'sh', '-c', script, 'sh', process.execPath, ...process.argv.slice(1)];
  const child = spawn('unshare', argv, { stdio: 'inherit', env: { ...process.env, [INSIDE]: 'private' } });
  // Ctrl-C reaches the whole foreground group: the inner one tidies up and ends, and then so do we.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.exitCode = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  return true;
}

/** What every command gets: no startup cost that is only this machine's, and the mark. */
export function cleanEnvironment(mark, homes) {
  const { NODE_EXTRA_CA_CERTS, NODE_OPTIONS, NODE_COMPILE_CACHE, PORT, ...rest } = process.env;
  const folder = process.execPath.slice(0, process.execPath.lastIndexOf('/'));
  return { ...rest, ...homes, PATH: `${folder}:${rest.PATH}`, [MARK]: mark };
}

/** Kills what carries the mark, and only that. Returns how many there were. */
export async function sweep(mark) {
  const found = new Set();
  for (let tries = 0; tries < 50; tries++) {
    const left = pids().filter((pid) => pid !== process.pid && carries(pid, mark) && isRunning(pid));
    if (left.length === 0) break;
    for (const pid of left) {
      found.add(pid);
      kill(pid);
    }
    await sleep(20);
  }
  return found.size;
}

function carries(pid, mark) {
  return `\0${read(`/proc/${pid}/environ`)}`.includes(`\0${MARK}=${mark}\0`);
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}
