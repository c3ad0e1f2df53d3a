/**
 * The mark of a workspace as the daemon before this one wrote it down. To make it anew is to load `node:crypto`, a
 * twentieth of the time for which nobody answers after a daemon was killed.
 */
import { basename } from 'node:path';
import type { DaemonRecord } from '../contract/daemon-record.ts';
import { socketOf, workspaceId } from '../platform/paths.ts';

/** `before`: of the same folder, which may have been moved or copied since. `workspace`: the real path. */
export function idOf(workspace: string, before: DaemonRecord | null): string {
  const known = before === null ? '' : basename(before.socket, '.sock');
  const isIts = before?.workspace === workspace && before.socket === socketOf(known);
  return isIts && /^[0-9a-f]{16}$/.test(known) ? known : workspaceId(workspace);
}
