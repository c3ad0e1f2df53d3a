/** Which file of a service's log is where. */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readJson } from '../platform/files.ts';

const SUFFIX = '.log';
const CHECKPOINT = 'checkpoint-';

/** What a person reads: everything that the service printed, byte for byte. */
export function visibleLog(logDir: string, service: string): string {
  return join(logDir, `${service}${SUFFIX}`);
}

/** `number` counts from 1, the youngest. */
export function rotatedLog(visible: string, number: number): string {
  return `${visible}.${number}`;
}

/** Numbers of the rotated files that exist, youngest (1) first. */
export function rotatedNumbers(visible: string): number[] {
  const prefix = `${basename(visible)}.`;
  return listFolder(dirname(visible))
    .filter((name) => name.startsWith(prefix) && /^[1-9]\d*$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => a - b);
}

/** Services that have a visible log, by name. */
export function loggedServices(logDir: string): string[] {
  return listFolder(logDir)
    .filter((name) => name.endsWith(SUFFIX) && name.length > SUFFIX.length)
    .map((name) => name.slice(0, -SUFFIX.length))
    .sort();
}

/** Where the index and the checkpoint of a service are, in the workspace's own folder. */
export function indexFolder(root: string, service: string): string {
  return join(root, '.upkeep', 'logs', service);
}

/** Named by inode: it stays right when its log is rotated, and belongs to nothing when its log is removed. */
export function indexFile(indexDir: string, ino: number): string {
  return join(indexDir, `${ino}.idx`);
}

/** One for each folder that the service's visible log has been in: by a hash of it (FNV-1a, 32 bit). */
export function checkpointFile(indexDir: string, logDir: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(logDir)) hash = Math.imul(hash ^ byte, 0x01000193);
  return join(indexDir, `${CHECKPOINT}${(hash >>> 0).toString(16)}`);
}

export function checkpointFiles(indexDir: string): string[] {
  return listFolder(indexDir)
    .filter((name) => name.startsWith(CHECKPOINT))
    .map((name) => join(indexDir, name));
}

/** The spools that exist, by run, ascending. */
export function spools(root: string, service: string): { run: number; path: string }[] {
  const folder = join(root, '.upkeep', 'runs', service);
  return recordedRuns(root, service)
    .filter((run) => !isOnTrial(join(folder, String(run))))
    .map((run) => ({ run, path: join(folder, String(run), 'out') }));
}

/** What a run on trial prints is nobody's yet. */
function isOnTrial(folder: string): boolean {
  const record = readJson(join(folder, 'run.json'));
  return typeof record === 'object' && record !== null && 'trial' in record && record.trial === true;
}

/** Numbers of the runs that have a folder, ascending. */
export function recordedRuns(root: string, service: string): number[] {
  return listFolder(join(root, '.upkeep', 'runs', service))
    .filter((name) => /^[1-9]\d*$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Names in a folder; none when it cannot be read. */
export function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
