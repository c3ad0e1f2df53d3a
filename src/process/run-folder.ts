/**
 * A run's folder, `.upkeep/runs/<service>/<n>/`: the record of that run, whoever is alive to read it.
 *
 *   run.json  what the daemon knows of it     start  the script that becomes the service (secrets: 0600, removed once it has been read for certain)
 *   out       what it prints                  pid    stat line of its process, written by itself
 *   exit      its shell exit code             taken  the shim has begun it, and speaks of it through this slot
 *   check     what decides whether it is ready (secrets: 0600, removed with `start`)
 *   loaded    which files it loads, told by the hooks in its processes (see contract/report.ts)
 *   same      which files were written later and are as it has loaded them (src/daemon/exact/same-files.ts)
 *
 * Of a run that was on standby (see contract/standby.ts), `<n>` is a link to the folder that it was launched with.
 */
import {
  closeSync,
  mkdirSync,
  openSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { Cause, Exit } from '../contract/facts.ts';
import { ProcessId } from '../contract/process-id.ts';
import { REPORT_FILE } from '../contract/report.ts';
import { listFolder, readJson, readText, writeJson } from '../platform/files.ts';
import type { Processes } from '../platform/proc.ts';
import { parseStat } from '../platform/proc-linux.ts';
import { exitOfShellCode } from './exit.ts';

export const RunRecord = z.object({
  service: z.string(),
  run: z.number(),
  cause: Cause,
  /** Which of the shim's life FIFOs its wrapper speaks through. */
  slot: z.number(),
  /** Epoch ms. */
  startedAt: z.number(),
  readyAt: z.nullable(z.number()),
  endedAt: z.nullable(z.number()),
  exit: z.nullable(Exit),
  /** Null until the process has said who it is. */
  process: z.nullable(ProcessId),
  /** Identifies the boot under which `process` means something. */
  boot: z.string(),
  /** `wait`: another run served when it was launched, so it waits at its gate. */
  gate: z.optional(z.enum(['open', 'wait'])),
  /** It was begun before a burst of edits was over, and does not count so far: see supervisor/trial.ts. */
  trial: z.optional(z.boolean()),
  /** It was on standby in the folder of this name, until then (kernel start time). */
  standby: z.optional(z.object({ name: z.string(), since: z.number() })),
  /** Hash of the service's configuration that it was started with. */
  config: z.string(),
  /** What that says of where it listens; `url` is masked. Earlier versions did not record it. */
  address: z.optional(z.object({ ports: z.array(z.number()), url: z.nullable(z.string()) })),
});
export type RunRecord = z.infer<typeof RunRecord>;

export interface RunFolder {
  path: string;
  spool: string;
  /** Its report, absolute. */
  report: string;
  /** Writes the record anew, as a whole. */
  save(record: RunRecord): void;
  /** Makes it again after somebody has removed it. Throws what the file system throws. */
  makeAgain(record: RunRecord): void;
  load(): RunRecord | null;
  /** Its process, from the file that the process itself wrote. */
  readPid(): ProcessId | null;
  /** Its exit and the time at which it was written (epoch ms), or null while there is none. */
  readExit(): { exit: Exit; at: number } | null;
  /** True once the shim has begun it. */
  taken(): boolean;
  /** Through which of the shim's life FIFOs its wrapper speaks, as the shim says; 0 when it does not. */
  slot(): number;
  /** Keeps what decides whether it is ready: JSON. Throws what the file system throws. */
  keepCheck(check: unknown): void;
  /** Null when there is none. */
  readCheck(): unknown;
  /** Of its script and its check nothing is left. */
  forgetScript(): void;
  /** All that was recorded of it is removed. */
  remove(): void;
}

/** What the names of the folders of standbys begin with. */
export const STANDBY_PREFIX = 'standby-';
const SPOOL = 'out';
const BLANK = `${' '.repeat(511)}\n`;

/** `run`: its number; of a standby, its name. */
export function runFolder(runs: string, service: string, run: number | string): RunFolder {
  const path = join(runs, service, String(run));
  const recordFile = join(path, 'run.json');
  const checkFile = join(path, 'check');
  return {
    path,
    spool: join(path, SPOOL),
    report: join(path, REPORT_FILE),
    save: (record) => writeJson(recordFile, record),
    makeAgain({ standby }) {
      const target = standby === undefined ? path : join(runs, service, standby.name);
      mkdirSync(target, { recursive: true, mode: 0o700 });
      if (standby !== undefined && linkAt(path) === null) symlinkSync(standby.name, path);
    },
    load() {
      const parsed = RunRecord.safeParse(readJson(recordFile));
      return parsed.success ? parsed.data : null;
    },
    readPid() {
      const line = readText(join(path, 'pid'))?.split('\n')[0]?.trim() ?? '';
      return parsePidLine(line);
    },
    readExit() {
      const file = join(path, 'exit');
      const code = /^(\d+)\n/.exec(readText(file) ?? '')?.[1];
      return code === undefined ? null : { exit: exitOfShellCode(Number(code)), at: statSync(file).mtimeMs };
    },
    taken: () => readText(join(path, 'taken')) !== null,
    slot: () => Number(/^\d+/.exec(readText(join(path, 'taken')) ?? '')?.[0] ?? 0),
    keepCheck: (check) => createPrivate(checkFile, JSON.stringify(check)),
    readCheck: () => readJson(checkFile),
    forgetScript() {
      for (const file of [join(path, 'start'), checkFile]) rmSync(file, { force: true });
    },
    remove() {
      const target = linkAt(path);
      rmSync(path, { recursive: true, force: true });
      if (target !== null) rmSync(join(runs, service, target), { recursive: true, force: true });
    },
  };
}

/** Where a link leads; null: there is none. Only ever to a standby's folder. */
export function linkAt(path: string): string | null {
  try {
    const target = readlinkSync(path);
    return target.startsWith(STANDBY_PREFIX) && !target.includes('/') ? target : null;
  } catch {
    return null;
  }
}

/** Makes the folder with what no run has a say in. Throws what the file system throws. */
export function makeBlankFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  createPrivate(join(path, 'pid'), BLANK);
  createPrivate(join(path, 'exit'), BLANK);
  createPrivate(join(path, SPOOL), '');
  createPrivate(join(path, REPORT_FILE), '');
}

/**
 * Makes the folder ready for the shim. `takeSpare` may put a blank one there, and says whether it has. Throws what the
 * file system throws.
 */
export function createRunFolder(
  runs: string,
  record: RunRecord,
  script: string,
  takeSpare: (path: string) => boolean = () => false,
): RunFolder {
  const folder = runFolder(runs, record.service, record.run);
  if (!takeSpare(folder.path)) makeBlankFolder(folder.path);
  keepScript(folder, script);
  // New, so nothing has to be replaced.
  createPrivate(join(folder.path, 'run.json'), `${JSON.stringify(record)}\n`);
  return folder;
}

/** What the shim reads to start it. Throws what the file system throws. */
export function keepScript({ path }: RunFolder, script: string): void {
  createPrivate(join(path, 'start'), script);
}

/** Where a process can tell no more than its pid: it is this run's if it leads a group, as every run does. */
export function processOf(folder: RunFolder, processes: Processes): ProcessId | null {
  const told = folder.readPid();
  if (told === null || !Number.isNaN(told.start)) return told;
  const info = processes.get(told.pid);
  return info !== null && info.pgid === info.pid ? { pid: info.pid, start: info.start } : null;
}

/** A stat line where there is /proc, the bare pid elsewhere. */
export function parsePidLine(line: string): ProcessId | null {
  if (line === '') return null;
  if (line.includes(')')) {
    const info = parseStat(line, 1);
    // A line that was cut off names nobody.
    return info !== null && Number.isInteger(info.start) ? { pid: info.pid, start: info.start } : null;
  }
  const pid = Number(line);
  return Number.isInteger(pid) && pid > 0 ? { pid, start: Number.NaN } : null;
}

/** The numbers of a service's recorded runs, ascending. */
export function recordedRuns(runs: string, service: string): number[] {
  return listFolder(join(runs, service))
    .map(Number)
    .filter((number) => Number.isInteger(number) && number > 0)
    .sort((a, b) => a - b);
}

/** The services that have recorded runs. */
export function recordedServices(runs: string): string[] {
  return listFolder(runs);
}

/** `wx`: a file or link that stands there already is an error, never written through. */
function createPrivate(path: string, content: string): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    // Not writeSync: half a script is worse than none, and on a full disk that is what it leaves.
    writeFileSync(fd, content);
  } finally {
    closeSync(fd);
  }
}
