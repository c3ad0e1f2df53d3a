/** Whether a daemon looks after this workspace: nothing of a daemon's may be cleaned away under it. */

import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import type { ProcessId } from '../../contract/process-id.ts';
import { isLocked } from '../../platform/locks.ts';
import { workspacePaths } from '../../platform/paths.ts';
import type { Processes } from '../../platform/proc.ts';
import { findDaemon } from '../../status/find-daemon.ts';

/** How long a daemon may take to come up or to end, in ms; a guard is back within a second of a crash. */
const PATIENCE = 5_000;
/** Where nobody tells whether a guard lives, it has this long to bring its daemon back, in ms. */
const REVIVAL = 1_500;
const PAUSE = 50;

/** The daemon's process; null when there is none and none is coming. Throws UserError when that stays unclear. */
export async function settledDaemon(root: string, processes: Processes): Promise<ProcessId | null> {
  const { lock } = workspacePaths(root);
  for (let waited = 0; ; waited += PAUSE) {
    const daemon = findDaemon(root, processes);
    if (daemon.kind === 'running') return daemon.record.process;
    const guarded = isLocked(lock) ?? (daemon.kind === 'lost' && waited < REVIVAL);
    if (!guarded) return null;
    if (waited >= PATIENCE) throw unclear();
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

function unclear(): UserError {
  return new UserError(
    ExitCode.daemon,
    'The daemon of this workspace is just coming up or ending.',
    'Nothing was touched. Run this again in a moment; "upkeep doctor" shows what is wrong if it stays so.',
  );
}
