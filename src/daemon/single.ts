/**
 * Two daemons of one workspace must never both adopt its services. The guard's flock(2) sees to that where there is
 * flock(1) or perl(1), and as long as nobody removes the locked file. So each daemon also makes a claim: a file that
 * names it, made before it looks for others. Of any two, one at least sees the other and leaves, maybe both: then
 * whoever asked for a daemon asks again. A claim of a process that is dead, or of another boot, counts for nothing.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { ProcessId } from '../contract/process-id.ts';
import { listFolder } from '../platform/files.ts';
import { isAlive, type Processes } from '../platform/proc.ts';

/** Another daemon has the workspace: EX_TEMPFAIL of sysexits.h, as the guard says it. */
export const OTHER_DAEMON = 75;

/** Number, start time and boot of the process; an earlier version's has no boot. */
const CLAIM = /^claim-(\d+)-(\d+)(?:-(\w+))?$/;

/** `own`: the workspace's `.upkeep`, which is there. Throws what the file system throws. False: another daemon is there. */
export async function claim(
  own: string,
  socket: string,
  self: ProcessId,
  processes: Processes,
): Promise<boolean> {
  writeFileSync(claimFile(own, self, processes), '', { mode: 0o600 });
  const isFree = others(own, self, processes).length === 0 && !(await answers(socket));
  if (!isFree) unclaim(own, self, processes);
  return isFree;
}

export function unclaim(own: string, self: ProcessId, processes: Processes): void {
  rmSync(claimFile(own, self, processes), { force: true });
}

function claimFile(own: string, { pid, start }: ProcessId, processes: Processes): string {
  return join(own, `claim-${pid}-${start}-${bootMark(processes)}`);
}

function bootMark(processes: Processes): string {
  return processes.bootId().replace(/\W/g, '');
}

function others(own: string, self: ProcessId, processes: Processes): ProcessId[] {
  const boot = bootMark(processes);
  const claims = listFolder(own).flatMap((name) => {
    const match = CLAIM.exec(name);
    if (match === null) return [];
    return [{ name, pid: Number(match[1]), start: Number(match[2]), boot: match[3] ?? boot }];
  });
  // After a reboot another process may have the number, and the very start time.
  const living = claims.filter((each) => each.boot === boot && isAlive(processes, each));
  for (const each of claims) if (!living.includes(each)) rmSync(join(own, each.name), { force: true });
  return living.filter(({ pid }) => pid !== self.pid);
}

/** Somebody listens there: a daemon whose claim was removed with the rest of `.upkeep`. */
function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    probe.once('error', () => resolve(false));
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
  });
}
