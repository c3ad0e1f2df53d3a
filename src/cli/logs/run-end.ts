/** While one run's lines are followed: when nothing more can come of it. */
import { basename } from 'node:path';
import { readJournal, serviceOf } from '../../api/journal.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import { openHistory } from '../../logs/history.ts';
import { recordedRuns } from '../../logs/layout.ts';
import type { Workspace } from '../../logs/query.ts';
import { watchFolder } from '../../logs/watch-folder.ts';
import { workspacePaths } from '../../platform/paths.ts';

/** After these nothing more comes of a run. */
const ENDS: ReadonlySet<string> = new Set(['run-ended', 'not-begun', 'machine-down']);
/** ms between looks whether the last words are in the log, and how often: a daemon that was killed never moves them. */
const SETTLE = 20;
const SETTLE_TRIES = 25;

/** `isRecorded`: its record is still there; the journal may have forgotten both begin and end of an older run. */
export function hasEnded(
  journal: JournalEntry[],
  service: string,
  run: number,
  isRecorded: boolean,
): boolean {
  const known = journal.filter((entry) => 'run' in entry && serviceOf(entry) === service);
  const its = known.filter((entry) => 'run' in entry && entry.run === run);
  if (its.some(({ kind }) => ENDS.has(kind))) return true;
  return its.length === 0 && known.length > 0 && !isRecorded && isBefore(known, run);
}

function isBefore(entries: JournalEntry[], run: number): boolean {
  return entries.every((entry) => 'run' in entry && entry.run > run);
}

/** `over` resolves when run `run` of each service has ended and its last words are in the log. */
export function untilEnded(
  place: Workspace,
  services: readonly string[],
  run: number,
): { over: Promise<void>; undo: () => void } {
  const { own, journal } = workspacePaths(place.root);
  let undo = () => {};
  const over = new Promise<void>((resolve) => {
    let tries = 0;
    let timer: NodeJS.Timeout | null = null;
    const settle = () => {
      tries += 1;
      if (tries > SETTLE_TRIES || services.every((service) => isMoved(place, service, run))) resolve();
      else timer = setTimeout(settle, SETTLE);
    };
    const look = () => {
      if (timer !== null) return;
      const entries = readJournal(journal);
      const isOver = services.every((service) =>
        hasEnded(entries, service, run, recordedRuns(place.root, service).includes(run)),
      );
      if (isOver) timer = setTimeout(settle, 0);
    };
    const unwatch = watchFolder(own, (name) => {
      if (name === null || name === basename(journal)) look();
    });
    undo = () => {
      unwatch();
      if (timer !== null) clearTimeout(timer);
    };
  });
  return { over, undo };
}

function isMoved({ root, logDir }: Workspace, service: string, run: number): boolean {
  const history = openHistory(root, logDir, service);
  history.close();
  return !history.pending.some((segment) => segment.run === run);
}
