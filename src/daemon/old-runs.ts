/** The file system is the database, but not for ever: of each service the last runs are kept, and those that live. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkspacePaths } from '../platform/paths.ts';
import { recordedRuns } from '../process/run-folder.ts';

const KEPT = 20;

export function forgetOldRuns(paths: WorkspacePaths, service: string, living: readonly number[]): void {
  for (const run of recordedRuns(paths.runs, service).slice(0, -KEPT)) {
    if (living.includes(run)) continue;
    rmSync(join(paths.runs, service, String(run)), { recursive: true, force: true });
  }
}
