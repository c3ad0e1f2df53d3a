/** Where the runs of a workspace make their control sockets: a folder of its own, which only this user can enter. */
import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MAX_CONTROL_PATH_BYTES } from '../../contract/sockets.ts';
import { claimPrivateFolder } from '../../platform/files.ts';
import { crypto } from '../../platform/lazy-builtin.ts';
import { runtimeFolder } from '../../platform/runtime-folder.ts';

/** `id`: the workspace's mark. Throws UserError as runtimeFolder does. */
function controlFolder(id: string): string {
  return join(runtimeFolder(), id);
}

/** Null when the user's runtime folder is too deep for a unix socket. */
export function controlPath(id: string, service: string, run: number): string | null {
  const path = join(controlFolder(id), `${shortened(service)}.${run}`);
  return Buffer.byteLength(path) > MAX_CONTROL_PATH_BYTES ? null : path;
}

/** Makes its folder, and removes what an earlier run of this number left there. Throws UserError when the folder is somebody else's. */
export function prepareControl(path: string): void {
  claimPrivateFolder(dirname(dirname(path)));
  claimPrivateFolder(dirname(path));
  removeControls(path);
}

/** What the processes of a run that is gone made: the path itself, and the path with their pids. */
export function removeControls(path: string): void {
  for (const name of list(dirname(path))) {
    if (isOf(name, basename(path))) rmSync(join(dirname(path), name), { force: true });
  }
}

/**
 * Those of its processes that are gone while it goes on: nodemon begins one after the other. The path itself stays, since
 * it may be another process's by now; with a pid in it, it is that one's alone.
 */
export function removeGoneControls(path: string, isAlive: (pid: number) => boolean): void {
  for (const name of list(dirname(path))) {
    if (name === basename(path) || !isOf(name, basename(path))) continue;
    if (!isAlive(Number(name.slice(basename(path).length + 1))))
      rmSync(join(dirname(path), name), { force: true });
  }
}

/** Their folder, when nothing is in it: the daemon ends. Not what a link leads to (rmdir(2)). */
export function removeControlFolder(id: string): void {
  try {
    rmdirSync(controlFolder(id));
  } catch {
    // Not empty, or there is none.
  }
}

/** Those of runs that ended while no daemon was there. `living`: the paths of the runs that live. */
export function removeStaleControls(id: string, living: readonly string[]): void {
  const folder = controlFolder(id);
  for (const name of list(folder)) {
    if (!living.some((path) => isOf(name, basename(path)))) rmSync(join(folder, name), { force: true });
  }
}

/** `told`: what a process of the run says its control socket is. */
export function isControlOf(told: string, path: string): boolean {
  return dirname(told) === dirname(path) && isOf(basename(told), basename(path));
}

function isOf(name: string, run: string): boolean {
  return name === run || (name.startsWith(`${run}.`) && /^\d+$/.test(name.slice(run.length + 1)));
}

const short = new Map<string, string>();

function shortened(service: string): string {
  const known = short.get(service) ?? crypto().createHash('sha256').update(service).digest('hex').slice(0, 8);
  short.set(service, known);
  return known;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
