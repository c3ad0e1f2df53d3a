/** The status of a workspace in the test's own process. */
import { StatusReport } from '../../src/contract/status.ts';
import { systemProcesses } from '../../src/platform/proc.ts';
import { findDaemon } from '../../src/status/find-daemon.ts';
import { readReport } from '../../src/status/report.ts';

/** Null where the command would do more: bring a lost daemon back, read the configuration, complain. */
export function statusByFiles(root: string): StatusReport | null {
  const processes = systemProcesses();
  try {
    const daemon = findDaemon(root, processes);
    if (daemon.kind !== 'running') return null;
    const report = readReport(root, processes, daemon);
    // As it would have come through the command's output.
    return report && StatusReport.parse(JSON.parse(JSON.stringify(report)));
  } catch {
    return null;
  }
}
