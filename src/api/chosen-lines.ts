/** The lines of some services' logs that are asked for, as iterators: all of them, errors alone, since the last edit. */
import { type History, openHistory } from '../logs/history.ts';
import type { LogLine } from '../logs/lines.ts';
import { type LineFilter, linesOf, mergeByTime } from '../logs/query.ts';
import { errorsOf } from './errors.ts';
import { lastEdits } from './last-edits.ts';

export interface LogPlace {
  root: string;
  logDir: string;
}

export interface LinesChoice {
  filter: LineFilter;
  /** Last lines of each service, with `errors` last errors; null: all. */
  count: number | null;
  errors: boolean;
  /** Of each service, the run that its last edit began and those after it: `filter.run` is `last` then. */
  sinceEdit: boolean;
}

/** To be closed by the caller, each. */
export function openHistories({ root, logDir }: LogPlace, services: string[], sinceEdit: boolean): History[] {
  const edits = sinceEdit ? lastEdits(root) : null;
  return services.map((service) => {
    const history = openHistory(root, logDir, service);
    return edits === null ? history : { ...history, lastRun: edits.get(service) ?? Number.POSITIVE_INFINITY };
  });
}

export function chosenLines(
  { filter, count, errors }: LinesChoice,
  service: string,
  history: History,
): Iterator<LogLine> {
  if (!errors) return linesOf(service, history, filter, count);
  // A pattern chooses whole errors: by line it would take their stacks away.
  const { pattern, ...rest } = filter;
  const all = { [Symbol.iterator]: () => linesOf(service, history, rest, null) };
  return errorsOf(all, count, pattern);
}

/** Merged by time, the last ones, `most` at most; `cut`: there are more. */
export function lastLines(
  place: LogPlace,
  services: string[],
  choice: LinesChoice,
  most: number,
): { lines: LogLine[]; cut: boolean } {
  const histories = openHistories(place, services, choice.sinceEdit);
  try {
    const lines: LogLine[] = [];
    let cut = false;
    const streams = histories.map((history, number) =>
      chosenLines(choice, services[number] as string, history),
    );
    for (const line of mergeByTime(streams)) {
      if (lines.push(line) <= most) continue;
      lines.shift();
      cut = true;
    }
    return { lines, cut };
  } finally {
    for (const history of histories) history.close();
  }
}
