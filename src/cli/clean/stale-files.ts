/** Files in `.upkeep/` (and the socket) that nobody needs any more. Only finds them. */
import { existsSync, lstatSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { listFolder, rotatedLog, rotatedNumbers, visibleLog } from '../../logs/layout.ts';
import { readJson } from '../../platform/files.ts';
import { socketPath, workspacePaths } from '../../platform/paths.ts';

export interface StaleFile {
  path: string;
  /** What it is, in words. */
  what: string;
}

export interface FileQuestion {
  root: string;
  logDir: string;
  /** Services that are configured, or that the daemon knows; null: that is not known, so all may be. */
  services: Set<string> | null;
  daemonLives: boolean;
  /** Whether a process has this number. */
  lives(pid: number): boolean;
}

/** As many as the daemon keeps (see daemon/old-runs.ts). */
const KEPT_RUNS = 20;

export function staleFiles(question: FileQuestion): StaleFile[] {
  const found = [
    ...(question.daemonLives ? [] : daemonFiles(question.root)),
    ...goneServices(question),
    ...oldRuns(question),
    ...oldIndexes(question),
    ...unfinishedWrites(question),
  ];
  const paths = new Set(found.map(({ path }) => path));
  return found.filter(({ path }) => !paths.has(dirname(path)));
}

function daemonFiles(root: string): StaleFile[] {
  const { daemon, own } = workspacePaths(root);
  const record = readJson(daemon) as { socket?: unknown } | null;
  const told = typeof record?.socket === 'string' ? [record.socket] : [];
  const sockets = [...new Set([socketPath(root), ...told])].filter(
    (path) => lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true,
  );
  const pipes = listFolder(own).filter((name) => /^(ask|answer)-\d/.test(name));
  return [
    ...pipes.map((name) => ({ path: join(own, name), what: 'a pipe of a daemon that is gone' })),
    ...(existsSync(daemon) ? [{ path: daemon, what: 'the record of a daemon that is gone' }] : []),
    ...sockets.map((path) => ({ path, what: 'the socket of a daemon that is gone' })),
  ];
}

function goneServices({ root, logDir, services }: FileQuestion): StaleFile[] {
  const { runs, shims, logIndex } = workspacePaths(root);
  if (services === null) return [];
  const gone = (folder: string, what: string) =>
    listFolder(folder)
      .filter((name) => !services.has(name))
      .map((name) => ({
        path: join(folder, name),
        what: `${what} of ${name}, which is not configured any more`,
      }));
  return [
    ...gone(runs, 'run folders'),
    ...gone(shims, 'the pipes'),
    // A log that can still be read keeps its index: it tells the times of its lines.
    ...gone(logIndex, 'the log index').filter(({ path }) => inodes(logDir, basename(path)).size === 0),
  ];
}

function oldRuns({ root, services, daemonLives }: FileQuestion): StaleFile[] {
  const { runs } = workspacePaths(root);
  // A living daemon forgets old runs itself, once it has read their output to the end.
  if (daemonLives) return [];
  return listFolder(runs)
    .filter((service) => services === null || services.has(service))
    .flatMap((service) => {
      const numbers = listFolder(join(runs, service))
        .map(Number)
        .filter((number) => Number.isInteger(number) && number > 0)
        .sort((a, b) => a - b);
      return numbers.slice(0, -KEPT_RUNS).map((run) => ({
        path: join(runs, service, String(run)),
        what: `run ${run} of ${service}, not one of its last ${KEPT_RUNS}`,
      }));
    });
}

/** Named by the inode of their log. A living daemon may be just making one. */
function oldIndexes({ root, logDir, daemonLives }: FileQuestion): StaleFile[] {
  const { logIndex } = workspacePaths(root);
  if (daemonLives) return [];
  return listFolder(logIndex).flatMap((service) => {
    const living = inodes(logDir, service);
    return listFolder(join(logIndex, service))
      .filter((file) => /^\d+\.idx$/.test(file) && !living.has(Number.parseInt(file, 10)))
      .map((file) => ({
        path: join(logIndex, service, file),
        what: `the index of a log of ${service} that was removed`,
      }));
  });
}

function inodes(logDir: string, service: string): Set<number> {
  const visible = visibleLog(logDir, service);
  const files = [visible, ...rotatedNumbers(visible).map((number) => rotatedLog(visible, number))];
  return new Set(files.flatMap((file) => statSync(file, { throwIfNoEntry: false })?.ino ?? []));
}

/** `name.PID.tmp`: see writeAtomic. */
function unfinishedWrites({ root, lives }: FileQuestion): StaleFile[] {
  const { own, state } = workspacePaths(root);
  const inRoot = (name: string) => name.startsWith(`${basename(state)}.`);
  return [own, root].flatMap((folder) =>
    listFolder(folder)
      .filter((name) => folder === own || inRoot(name))
      .filter((name) => {
        const writer = /\.(\d+)\.tmp$/.exec(name)?.[1];
        return writer !== undefined && !lives(Number(writer));
      })
      .map((name) => ({ path: join(folder, name), what: 'a file that was never finished' })),
  );
}
