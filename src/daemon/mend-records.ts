/**
 * A run whose record cannot be read (somebody deleted or garbled it) and that still lives would be nobody's: its service
 * would be started a second time. Its folder holds what it wrote itself, and the kernel says the rest.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkspacePaths } from '../platform/paths.ts';
import { isAlive, type Processes } from '../platform/proc.ts';
import {
  linkAt,
  processOf,
  type RunRecord,
  recordedRuns,
  recordedServices,
  runFolder,
} from '../process/run-folder.ts';
import { greetMeanwhile } from './entrance.ts';

/** Writes the records of such runs anew. Answers whether any run lives. `mark`: the workspace's. */
export async function mendRecords(
  paths: WorkspacePaths,
  mark: string,
  processes: Processes,
): Promise<boolean> {
  let lives = false;
  for (const service of recordedServices(paths.runs)) {
    // With many records it is the longest piece of a start, and whoever has come meanwhile is greeted.
    await greetMeanwhile();
    for (const run of recordedRuns(paths.runs, service)) {
      if (mend(paths, mark, service, run, processes)) lives = true;
    }
  }
  return lives;
}

/** Whether it lives. */
function mend(
  paths: WorkspacePaths,
  mark: string,
  service: string,
  run: number,
  processes: Processes,
): boolean {
  const folder = runFolder(paths.runs, service, run);
  // Without a spool it has ended, and nothing is left to be done for it.
  if (!existsSync(folder.spool)) return false;
  const process = processOf(folder, processes);
  if (process === null || !isAlive(processes, process)) return false;
  const known = folder.load();
  if (known !== null) return known.exit === null && known.boot === processes.bootId();
  const name = linkAt(folder.path);
  const isOurs = says(process.pid, mark, service, name ?? String(run), processes);
  if (!isOurs && !isBelowShim(process.pid, join(paths.runs, service), processes)) return false;
  const record: RunRecord = {
    service,
    run,
    cause: { kind: 'boot' },
    slot: folder.slot(),
    startedAt: statSync(folder.path).birthtimeMs,
    readyAt: null,
    endedAt: null,
    exit: null,
    process,
    boot: processes.bootId(),
    ...(name !== null && { standby: { name, since: process.start } }),
    config: '',
  };
  try {
    folder.save(record);
  } catch {
    // A full disk: the next daemon tries again.
  }
  return true;
}

function says(pid: number, mark: string, service: string, run: string, processes: Processes): boolean {
  const environment = processes.environment(pid);
  return (
    environment?.get('UPKEEP_WORKSPACE') === mark &&
    environment.get('UPKEEP_SERVICE') === service &&
    environment.get('UPKEEP_RUN') === run
  );
}

/** A program that rewrites its title may write over its environment: its wrapper tells by its own command line. */
function isBelowShim(pid: number, runs: string, processes: Processes): boolean {
  const line = processes.commandLine(processes.get(pid)?.ppid ?? 0) ?? '';
  return line.includes('shim.sh ') && `${line} `.includes(` ${runs} `);
}
