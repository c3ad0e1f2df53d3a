/** Which lines of which services a person wants to see, in the order in which they were printed. */
import { stripVTControlCharacters } from 'node:util';
import { type History, openHistory } from './history.ts';
import { type LogLine, linesBackward, linesForward } from './lines.ts';

/** What control sequences begin with, in 7 and in 8 bits (ECMA-48). */
const ESCAPE = '\u001b';
const CSI = '\u009b';

export interface LineFilter {
  /** Epoch ms; lines of unknown time are left out when either is given. */
  since?: number;
  until?: number;
  /** Matched against the text without colours. */
  pattern?: RegExp;
  /** A run's number, or the current (or last) one of each service. */
  run?: number | 'last';
}

export interface Workspace {
  root: string;
  logDir: string;
}

/**
 * The lines of these services that pass the filter, merged by time: all, or the last `count` of each.
 * Each service's own order is kept as it was printed.
 */
export function* queryLines(
  workspace: Workspace,
  services: string[],
  filter: LineFilter,
  count: number | null,
): Generator<LogLine> {
  const histories = services.map((service) => openHistory(workspace.root, workspace.logDir, service));
  try {
    const streams = histories.map((history, number) =>
      linesOf(services[number] as string, history, filter, count),
    );
    yield* mergeByTime(streams);
  } finally {
    for (const history of histories) history.close();
  }
}

/** The lines of one history; with a count, its last ones. */
export function linesOf(
  service: string,
  history: History,
  filter: LineFilter,
  count: number | null,
): Iterator<LogLine> {
  const passes = lineTest(filter, history.lastRun);
  const { since = Number.NEGATIVE_INFINITY } = filter;
  // A file that was last written to before then has nothing to tell.
  const segments = [...history.visible, ...history.pending].filter((segment) => segment.writtenAt >= since);
  if (count === null) return passing(linesForward(service, segments), passes);
  const last: LogLine[] = [];
  if (count > 0) {
    for (const line of linesBackward(service, segments)) {
      if (line.time !== null && line.time < since) break;
      if (passes(line) && last.push(line) === count) break;
    }
  }
  return last.reverse()[Symbol.iterator]();
}

/** The filter as a test of one line. `run: 'last'` means `lastRun` and those that come after it. */
export function lineTest(filter: LineFilter, lastRun: number | null): (line: LogLine) => boolean {
  const { since, until, pattern } = filter;
  return ({ time, run, text }) => {
    if (filter.run === 'last' ? (run ?? 0) < (lastRun ?? 0) : (filter.run ?? run) !== run) return false;
    if (since !== undefined && (time === null || time < since)) return false;
    if (until !== undefined && (time === null || time > until)) return false;
    return pattern === undefined || pattern.test(plain(text));
  };
}

/** Without colours and other terminal control sequences. */
export function plain(text: string): string {
  return text.includes(ESCAPE) || text.includes(CSI) ? stripVTControlCharacters(text) : text;
}

function* passing(lines: Iterable<LogLine>, passes: (line: LogLine) => boolean): Generator<LogLine> {
  for (const line of lines) if (passes(line)) yield line;
}

/** Takes the oldest of the streams' next lines; a line of unknown time comes before all others. */
export function* mergeByTime(streams: Iterator<LogLine>[]): Generator<LogLine> {
  const heads = streams.map((stream) => ({ stream, next: stream.next() }));
  for (;;) {
    let oldest: (typeof heads)[number] | null = null;
    for (const head of heads) {
      if (head.next.done === true) continue;
      if (oldest === null || timeOf(head.next.value) < timeOf(oldest.next.value)) oldest = head;
    }
    if (oldest === null) return;
    yield oldest.next.value;
    oldest.next = oldest.stream.next();
  }
}

function timeOf(line: LogLine): number {
  return line.time ?? Number.NEGATIVE_INFINITY;
}
