/** Is there a daemon? Read from files, without a connection: `status` has to be quick. */
import { accessSync, constants } from 'node:fs';
import type { DaemonRecord } from '../contract/daemon-record.ts';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { errorCode, readJson } from '../platform/files.ts';
import { workspacePaths } from '../platform/paths.ts';
import { isAlive, type Processes } from '../platform/proc.ts';

/** `lost`: it died without ending on purpose, in this boot; what it ran may still run. */
export type Daemon = { kind: 'running'; record: DaemonRecord } | { kind: 'lost' } | { kind: 'none' };

export function findDaemon(root: string, processes: Processes): Daemon {
  const { own, daemon } = workspacePaths(root);
  const record = readJson(daemon);
  if (record === null) refuseStranger(own);
  if (!looksLikeRecord(record) || record.boot !== processes.bootId()) return { kind: 'none' };
  return isAlive(processes, record.process) ? { kind: 'running', record } : { kind: 'lost' };
}

/** Records that cannot be looked at are not the same as none. Throws UserError. */
function refuseStranger(folder: string): void {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK);
  } catch (error) {
    if (errorCode(error) !== 'EACCES') return;
    throw new UserError(
      ExitCode.daemon,
      `What runs here cannot be told: the folder ${folder} is not yours to read.`,
      'Run the command as the user who started the services.',
    );
  }
}

/** Written by our own daemon; a schema would cost more to load than the whole command. */
function looksLikeRecord(value: unknown): value is DaemonRecord {
  return (
    typeof value === 'object' && value !== null && 'process' in value && 'boot' in value && 'socket' in value
  );
}
