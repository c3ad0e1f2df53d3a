/** Is there a daemon? Read from files, without a connection: `status` has to be quick. */
import type { DaemonRecord } from '../contract/daemon-record.ts';
import { readJson } from '../platform/files.ts';
import { workspacePaths } from '../platform/paths.ts';
import { isAlive, type Processes } from '../platform/proc.ts';
import { refuseStranger } from '../platform/readable.ts';

/** `lost`: it died without ending on purpose, in this boot; what it ran may still run. */
export type Daemon = { kind: 'running'; record: DaemonRecord } | { kind: 'lost' } | { kind: 'none' };

export function findDaemon(root: string, processes: Processes): Daemon {
  const { own, daemon } = workspacePaths(root);
  const record = readJson(daemon);
  if (record === null) refuseStranger(own);
  if (!looksLikeRecord(record) || record.boot !== processes.bootId()) return { kind: 'none' };
  return isAlive(processes, record.process) ? { kind: 'running', record } : { kind: 'lost' };
}

/** Written by our own daemon; a schema would cost more to load than the whole command. */
function looksLikeRecord(value: unknown): value is DaemonRecord {
  return (
    typeof value === 'object' && value !== null && 'process' in value && 'boot' in value && 'socket' in value
  );
}
