/** What `upkeep status` would print in a folder, by the same code; and when that is left to it. */
import { lstatSync, realpathSync } from 'node:fs';
import { findConfigFile } from '../../config/find.ts';
import type { StatusReport } from '../../contract/status.ts';
import { isOurs } from '../../platform/ownership.ts';
import { systemProcesses } from '../../platform/proc.ts';
import { findDaemon } from '../../status/find-daemon.ts';
import { readReport } from '../../status/report.ts';
import { type Look, statusText } from '../../status/text.ts';

/** One look at the machine for all who asked before it. */
export function lookAround(): (cwd: string, look: Look | null) => Promise<string | null> {
  const seen = new Map<string, StatusReport | null>();
  return async (cwd, look) => {
    const root = realpathSync(cwd);
    const report = seen.has(root) ? seen.get(root) : reportOf(root);
    seen.set(root, report ?? null);
    if (report == null || (look !== null && report.services.some(tellsTime))) return null;
    return statusText(report, Date.now(), look);
  };
}

/** Null: another workspace may be meant, or all is not well with this one. */
function reportOf(root: string): StatusReport | null {
  const config = findConfigFile(root);
  if (config?.root !== root || !isOurs(lstatSync(config.file))) return null;
  const processes = systemProcesses();
  const daemon = findDaemon(root, processes);
  if (daemon.kind !== 'running' || daemon.record.process.pid !== process.pid) return null;
  return readReport(root, processes, daemon);
}

/** A time of day: of which zone, whoever asks knows. */
function tellsTime({ state, retryAt }: StatusReport['services'][number]): boolean {
  return state === 'backoff' && retryAt !== null;
}
