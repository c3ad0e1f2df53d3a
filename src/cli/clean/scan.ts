/** Takes the picture that `leftovers` decides on. */
import { join } from 'node:path';
import type { ProcessId } from '../../contract/process-id.ts';
import type { Snapshot } from '../../contract/snapshot.ts';
import { readJson } from '../../platform/files.ts';
import { workspaceId, workspacePaths } from '../../platform/paths.ts';
import type { Processes } from '../../platform/proc.ts';
import type { Mark, Picture } from './leftovers.ts';

/** `daemon`: the living one's process, or null. */
export function takePicture(root: string, processes: Processes, daemon: ProcessId | null): Picture {
  // The table first: what the daemon starts after that is not in it, and what it had started, its snapshot knows.
  const all = processes.all();
  const marked = markedProcesses(processes, all.keys(), workspaceId(root));
  return { all, marked, self: process.pid, daemon: daemon === null ? null : known(root, daemon) };
}

function markedProcesses(processes: Processes, pids: Iterable<number>, id: string): Map<number, Mark> {
  const found = new Map<number, Mark>();
  for (const pid of pids) {
    const environment = processes.environment(pid);
    if (environment?.get('UPKEEP_WORKSPACE') !== id) continue;
    const run = Number(environment.get('UPKEEP_RUN'));
    found.set(pid, {
      service: environment.get('UPKEEP_SERVICE') ?? '',
      run: Number.isInteger(run) && run > 0 ? run : null,
    });
  }
  return found;
}

function known(root: string, daemon: ProcessId): Picture['daemon'] {
  const { snapshot, shims } = workspacePaths(root);
  const services = (readJson(snapshot) as Snapshot | null)?.services ?? [];
  return {
    process: daemon,
    services,
    shims: services
      .map(({ name }) => readJson(join(shims, name, 'shim.json')) as { process: ProcessId } | null)
      .flatMap((record) => record?.process ?? []),
  };
}
