/** What several services print from now on, and a little of what those printed that run already. */
import { mkdirSync } from 'node:fs';
import { cutToWholeLines, followLog } from '../../logs/follow-log.ts';
import { openHistory } from '../../logs/history.ts';
import type { LogLine } from '../../logs/lines.ts';
import { linesOf, mergeByTime } from '../../logs/query.ts';

interface Place {
  root: string;
  logDir: string;
}

/** Lines of a service that runs already. */
const TAIL = 10;

/** `running`: services whose last lines are shown first. Answers the undo, which shows what is there by then. */
export function followLogs(
  place: Place,
  services: string[],
  running: Set<string>,
  onLines: (lines: LogLine[]) => void,
): () => void {
  makeFolder(place.logDir);
  const open = services.map((service) => {
    const history = openHistory(place.root, place.logDir, service);
    return { service, history, shown: cutToWholeLines(history) };
  });
  const tails = open
    .filter(({ service }) => running.has(service))
    .map(({ service, history }) => linesOf(service, history, { run: 'last' }, TAIL));
  onLines([...mergeByTime(tails)]);
  const undos = open.map(({ service, history, shown }) => {
    // The end of a line that an earlier run left unfinished comes with the next run.
    const before = running.has(service) ? 0 : (history.lastRun ?? 0);
    const fresh = ({ run }: LogLine) => run === null || run > before;
    const undo = followLog(place, service, history, shown, (lines) => onLines(lines.filter(fresh)));
    history.close();
    return undo;
  });
  return () => {
    for (const undo of undos) undo();
  };
}

/** A folder that is there can be watched; one that is missing is looked for only now and then. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch {
    // The daemon cannot make it either, and says so with more words.
  }
}
