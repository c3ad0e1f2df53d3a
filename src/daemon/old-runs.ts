/** The file system is the database, but not for ever: of each service the last runs are kept, and those that live. */
import { existsSync } from 'node:fs';
import type { WorkspacePaths } from '../platform/paths.ts';
import { recordedRuns, runFolder } from '../process/run-folder.ts';

const KEPT = 20;
/** So many are kept that printed what is not in the log yet: one that nobody can write to must not fill the disk. */
const KEPT_UNREAD = 200;

export function forgetOldRuns(paths: WorkspacePaths, service: string, living: readonly number[]): void {
  const old = recordedRuns(paths.runs, service).slice(0, -KEPT).reverse();
  let unread = 0;
  for (const run of old) {
    if (living.includes(run)) continue;
    const folder = runFolder(paths.runs, service, run);
    // It is removed when it has been copied.
    if (existsSync(folder.spool) && unread++ < KEPT_UNREAD) continue;
    try {
      folder.remove();
    } catch {
      // By the next launch.
    }
  }
}
