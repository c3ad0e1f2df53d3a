/** Carries out `upkeep clean`: processes first, then the files that are stale once they are gone. */
import { existsSync, rmSync } from 'node:fs';
import { allAgents } from '../../boot/agent.ts';
import { currentConfig } from '../../client/dist.ts';
import { mask } from '../../contract/mask.ts';
import type { ProcessId } from '../../contract/process-id.ts';
import type { Snapshot } from '../../contract/snapshot.ts';
import { errorMessage, readJson } from '../../platform/files.ts';
import { workspacePaths } from '../../platform/paths.ts';
import { isAlive, systemProcesses } from '../../platform/proc.ts';
import { signalProcess } from '../../process/signals.ts';
import { settledDaemon } from './daemon.ts';
import { type Ending, endProcesses } from './end-processes.ts';
import { type Leftover, leftovers } from './leftovers.ts';
import { takePicture } from './scan.ts';
import { type StaleFile, staleFiles } from './stale-files.ts';

export interface CleanProcess extends Leftover {
  command: string | null;
  ending: Ending | null;
}

export interface CleanFile extends StaleFile {
  /** Why it could not be removed. */
  problem: string | null;
}

export interface Cleaned {
  daemonLives: boolean;
  processes: CleanProcess[];
  files: CleanFile[];
  notes: string[];
}

/** As the stop of a service by default. */
const GRACE = 5_000;
/** What is ended may have started others meanwhile: it is looked again, but not for ever. */
const ROUNDS = 5;

/** `dry`: only finds. Throws UserError when it cannot be told whether a daemon lives. */
export async function clean(
  { root, logDir }: { root: string; logDir: string },
  dry: boolean,
): Promise<Cleaned> {
  const processes = systemProcesses();
  const daemon = await settledDaemon(root, processes);
  const ended = dry ? found(root, daemon) : await endAll(root, daemon);
  const { services, notes } = await knownServices(root, daemon);
  const lives = (pid: number) => processes.get(pid) !== null;
  const stale = staleFiles({ root, logDir, services, daemonLives: daemon !== null, lives });
  const files = stale.map((file) => ({ ...file, problem: dry ? null : remove(file.path) }));
  return { daemonLives: daemon !== null, processes: ended, files, notes: [...notes, ...strayAgents()] };
}

/** Only told: the disk of that workspace may just not be there today. */
function strayAgents(): string[] {
  return allAgents()
    .filter(({ start }) => !existsSync(start.workspace))
    .map(
      ({ file, start }) =>
        `${file} is to start ${start.workspace} after a reboot, which is not there. If it is gone for good, remove that file.`,
    );
}

function found(root: string, daemon: ProcessId | null): CleanProcess[] {
  const processes = systemProcesses();
  return leftovers(takePicture(root, processes, daemon)).map((each) => ({
    ...each,
    command: mask(processes.commandLine(each.pid) ?? '') || null,
    ending: null,
  }));
}

async function endAll(root: string, daemon: ProcessId | null): Promise<CleanProcess[]> {
  const processes = systemProcesses();
  const all: CleanProcess[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const left = found(root, daemon).filter(
      (each) => !all.some(({ pid, start }) => pid === each.pid && start === each.start),
    );
    if (left.length === 0) break;
    const endings = await endProcesses(left, {
      isAlive: (id) => isAlive(processes, id),
      signal: (id, signal) => void signalProcess(processes, id, signal),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      grace: GRACE,
    });
    all.push(...left.map((each) => ({ ...each, ending: endings.get(each) ?? null })));
  }
  return all;
}

/** Null when the configuration cannot be read: then no service is taken for gone. */
async function knownServices(
  root: string,
  daemon: ProcessId | null,
): Promise<{ services: Set<string> | null; notes: string[] }> {
  const running =
    daemon === null ? [] : ((readJson(workspacePaths(root).snapshot) as Snapshot | null)?.services ?? []);
  try {
    const config = await currentConfig(root);
    return { services: new Set([...config.services, ...running].map(({ name }) => name)), notes: [] };
  } catch (error) {
    const why = errorMessage(error).split('\n')[0];
    return {
      services: null,
      notes: [`Files of services that are not configured any more are left alone: ${why}`],
    };
  }
}

function remove(path: string): string | null {
  try {
    rmSync(path, { recursive: true, force: true });
    return null;
  } catch (error) {
    return errorMessage(error);
  }
}
