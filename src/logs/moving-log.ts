/**
 * A service's log whose folder may change. A run's lines go where they went from its start: a change concerns the
 * runs that are attached after it. Each folder has its own checkpoint, which names the folder, so that the next
 * daemon finishes there what this one began.
 */
import { rmSync } from 'node:fs';
import { inodeAt } from '../platform/stat.ts';
import { readCheckpoints, type SpoolMark } from './checkpoint.ts';
import { checkpointFile } from './layout.ts';
import { createServiceLog, type ServiceLog, type ServiceLogOptions } from './service-log.ts';

export type LogPlace = Pick<ServiceLogOptions, 'logDir' | 'maxSize' | 'keep'>;

export interface MovingLog extends Pick<ServiceLog, 'attach' | 'finish' | 'close'> {
  /** For the runs that are attached from now on. */
  move(place: LogPlace): void;
}

export function createMovingLog(options: ServiceLogOptions): MovingLog {
  const { indexDir, onProblem } = options;
  let place: LogPlace = options;
  const logs = new Map<string, ServiceLog>();
  const problems = new Map<string, string>();
  /** In which folder each attached run's lines go. */
  const folders = new Map<number, string>();
  const begun = begunElsewhere(indexDir, options.logDir);

  const open = (logDir: string): ServiceLog => {
    const { maxSize, keep } = place;
    const log = createServiceLog({
      ...options,
      logDir,
      maxSize,
      keep,
      onProblem(problem) {
        if (problem === null) problems.delete(logDir);
        else problems.set(logDir, problem);
        onProblem?.([...problems.values()][0] ?? null);
      },
    });
    logs.set(logDir, log);
    return log;
  };

  const folderOf = (run: number, spool: string): string => {
    const known = folders.get(run);
    if (known !== undefined) return known;
    const before = begun.get(run);
    return before !== undefined && before.mark.ino === inodeAt(spool) ? before.logDir : place.logDir;
  };

  /** Closes what is of no use any more; what still waits for a problem to go away is not. */
  const letGo = () => {
    for (const [logDir, log] of logs) {
      if (logDir === place.logDir || !log.isIdle) continue;
      log.close();
      logs.delete(logDir);
      problems.delete(logDir);
      rmSync(checkpointFile(indexDir, logDir), { force: true });
    }
  };

  return {
    attach(run, spool, attached) {
      const logDir = folderOf(run, spool);
      folders.set(run, logDir);
      return (logs.get(logDir) ?? open(logDir)).attach(run, spool, attached);
    },
    async finish(run) {
      const logDir = folders.get(run);
      folders.delete(run);
      if (logDir === undefined) return;
      await logs.get(logDir)?.finish(run);
      letGo();
    },
    move(to) {
      place = to;
      logs.get(to.logDir)?.limit(to);
      letGo();
    },
    close() {
      for (const log of logs.values()) log.close();
    },
  };
}

/** Runs whose lines an earlier daemon copied to another folder. */
function begunElsewhere(indexDir: string, logDir: string): Map<number, { logDir: string; mark: SpoolMark }> {
  const found = readCheckpoints(indexDir)
    .filter((checkpoint) => checkpoint.logDir !== logDir)
    .flatMap(({ logDir, runs }) =>
      Object.entries(runs).map(([run, mark]) => [Number(run), { logDir, mark }] as const),
    );
  return new Map(found);
}
