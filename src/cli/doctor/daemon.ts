/** The daemon: does it run, is it this version's, is there somebody to bring it back? */
import { existsSync } from 'node:fs';
import type { Processes } from '../../platform/proc.ts';
import { isStopped } from '../../platform/stopped.ts';
import { type Daemon, findDaemon } from '../../status/find-daemon.ts';
import { bad, type Finding, ok, warn } from './finding.ts';

export function checkDaemon(root: string, version: string, processes: Processes): Finding[] {
  const daemon = findDaemon(root, processes);
  if (daemon.kind === 'none') return [ok('No daemon runs; "upkeep start" starts one')];
  if (daemon.kind === 'lost')
    return [warn('The daemon has died and is not back', 'Any command brings it back: upkeep start')];
  return checkRunning(daemon.record, version, processes);
}

function checkRunning(
  record: Extract<Daemon, { kind: 'running' }>['record'],
  version: string,
  processes: Processes,
): Finding[] {
  const { pid } = record.process;
  const findings: Finding[] = [];
  if (isStopped(pid))
    findings.push(
      bad(
        `The daemon (pid ${pid}) does not answer: it has been stopped by a signal`,
        `kill -CONT ${pid} lets it go on; its services run`,
      ),
    );
  if (record.version !== version)
    findings.push(
      warn(
        `The daemon (pid ${pid}) is Upkeep ${record.version}, this is ${version}`,
        'To change over: upkeep stop, then upkeep start',
      ),
    );
  if (!existsSync(record.socket))
    findings.push(
      bad(`The daemon's socket ${record.socket} is gone`, 'Any command has it made anew: upkeep start'),
    );
  const parent = processes.get(pid)?.ppid ?? 0;
  if (!(processes.commandLine(parent) ?? '').includes('guard.sh'))
    findings.push(
      warn(
        'The daemon has no guard: after a crash it stays away until the next command',
        'upkeep stop, then upkeep start',
      ),
    );
  return findings.length > 0
    ? findings
    : [ok(`The daemon runs (pid ${pid}, Upkeep ${version}) and is guarded`)];
}
