/**
 * The mark of a workspace as the daemon before this one wrote it down. To make it anew is to load `node:crypto`, and to
 * check the whole record is to load its schema: a tenth of the time for which nobody answers after a daemon was killed.
 */
import { basename } from 'node:path';
import { socketOf, workspaceId } from '../platform/paths.ts';

/** `before`: what the record of the same folder holds, which may have been moved or copied since. `workspace`: the real path. */
export function idOf(workspace: string, before: unknown): string {
  const isIts = typeof before === 'object' && before !== null && 'workspace' in before && 'socket' in before;
  if (!isIts || before.workspace !== workspace) return workspaceId(workspace);
  const known = basename(String(before.socket), '.sock');
  const isMark = /^[0-9a-f]{16}$/.test(known) && before.socket === socketOf(known);
  return isMark ? known : workspaceId(workspace);
}
