/** This very machine, as `checkMachine` asks for it. */
import { release } from 'node:os';
import { readText } from '../../platform/files.ts';
import type { Processes } from '../../platform/proc.ts';
import { findProgram } from '../../process/launch-script.ts';
import { machineTools } from '../../process/tools.ts';
import type { Machine } from './machine.ts';

export function thisMachine(processes: Processes): Machine {
  const tools = machineTools();
  return {
    node: process.versions.node,
    platform: process.platform,
    release: release(),
    has: (program) => findProgram(program, '/', process.env['PATH'] ?? '') !== null,
    subreaper: tools.subreaper.length > 0,
    resetsSignals: tools.signals().length > 0,
    seesProcesses: processes.get(process.pid) !== null,
    seesEnvironments: processes.environment(process.pid) !== null,
    inotify(limit) {
      const text = readText(`/proc/sys/fs/inotify/${limit}`);
      return text === null ? null : Number(text);
    },
  };
}
