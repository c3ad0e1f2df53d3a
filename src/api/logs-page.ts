/** One page of the logs of some services, merged by time, in either direction. */
import type { ApiLine, Level, LogsPage, LogsQuery } from '../contract/api/logs.ts';
import { type History, openHistory } from '../logs/history.ts';
import { type LogLine, logLine, type PlacedLine, placedBackward, placedForward } from '../logs/lines.ts';
import { lineTest } from '../logs/query.ts';
import type { Position } from '../logs/tail.ts';
import { monotonic } from '../platform/monotonic.ts';
import { emptyCursor, readCursor, writeCursor } from './cursor.ts';
import { apiLine } from './line.ts';
import { endOf, from, sinceTime, upTo, wholeSegments } from './log-parts.ts';
import { lineFilter } from './log-request.ts';

/** ms after which a page that few lines match is given as it is: nobody else is answered meanwhile. */
const PATIENCE = 250;
const LOOK_AT_CLOCK = 256;
/** Characters of a page, about. */
const LARGEST = 8 * 1024 * 1024;

interface Part {
  service: string;
  lines: Iterator<PlacedLine>;
  head: PlacedLine | null;
  passes(line: LogLine): boolean;
  /** Where the page ends in this log, by now. */
  edge: Position;
}

/** `now`: epoch ms. Throws UserError (usage) for a query that makes no sense. */
export function logsPage(
  place: { root: string; logDir: string },
  services: string[],
  query: LogsQuery,
  now: number,
): LogsPage {
  const histories = services.map((service) => openHistory(place.root, place.logDir, service));
  try {
    const isForward = (query.direction ?? (query.after === undefined ? 'backward' : 'forward')) === 'forward';
    return isForward ? forward(services, histories, query, now) : backward(services, histories, query, now);
  } finally {
    for (const history of histories) history.close();
  }
}

function backward(services: string[], histories: History[], query: LogsQuery, now: number): LogsPage {
  const before = query.before === undefined ? emptyCursor() : readCursor(query.before);
  const start = emptyCursor();
  const parts = services.map((service, number): Part => {
    const history = histories[number] as History;
    const whole = wholeSegments(history);
    const edge = before.logs.get(service) ?? endOf(whole, now);
    start.logs.set(service, edge);
    const { since } = lineFilter(query, now);
    const segments = upTo(whole, edge).filter(({ writtenAt }) => writtenAt >= (since ?? 0));
    return part(service, placedBackward(segments), history, query, now, edge);
  });
  const { lines, unfinished } = collect(parts, query, now, 'backward');
  const more = parts.some(({ head }) => head !== null);
  return {
    lines: lines.reverse(),
    older: more ? edges(parts) : null,
    newer: writeCursor(start),
    more: query.before !== undefined,
    unfinished,
    reset: false,
  };
}

function forward(services: string[], histories: History[], query: LogsQuery, now: number): LogsPage {
  const after = query.after === undefined ? null : readCursor(query.after);
  const { since } = lineFilter(query, now);
  let reset = false;
  const start = emptyCursor();
  const parts = services.map((service, number): Part => {
    const history = histories[number] as History;
    const whole = wholeSegments(history);
    const place = after?.logs.get(service);
    const found = place === undefined ? whole : from(whole, place);
    reset ||= found === null;
    const lines = youngerThan(since, placedForward(sinceTime(found ?? [], since)));
    const its = part(service, lines, history, query, now, endOf(whole, now));
    start.logs.set(service, its.head === null ? its.edge : positionOf(its.head));
    return its;
  });
  const { lines, unfinished } = collect(reset ? [] : parts, query, now, 'forward');
  for (const each of parts) if (each.head !== null) each.edge = positionOf(each.head);
  return {
    lines,
    older: writeCursor(start),
    newer: edges(parts),
    more: parts.some(({ head }) => head !== null),
    unfinished,
    reset,
  };
}

/** Without the lines before `since` (epoch ms) that are nearest to it: the page above ends with those. */
function* youngerThan(since: number | undefined, lines: Iterable<PlacedLine>): Generator<PlacedLine> {
  let isYoung = since === undefined;
  for (const line of lines) {
    isYoung ||= (line.segment.stretchAt(line.offset)?.time ?? 0) >= (since ?? 0);
    if (isYoung) yield line;
  }
}

function part(
  service: string,
  lines: Iterator<PlacedLine>,
  history: History,
  query: LogsQuery,
  now: number,
  edge: Position,
): Part {
  const { levels, ...filter } = lineFilter(query, now);
  return { service, lines, head: next(lines), passes: lineTest(filter, history.lastRun), edge };
}

function next(lines: Iterator<PlacedLine>): PlacedLine | null {
  const { done, value } = lines.next();
  return done === true ? null : value;
}

function edges(parts: Part[]): string {
  return writeCursor({ journal: null, logs: new Map(parts.map(({ service, edge }) => [service, edge])) });
}

function positionOf({ segment, offset }: PlacedLine): Position {
  return { file: segment.file, offset };
}

/** Takes line after line, the next in time of all parts, until there are enough. */
function collect(
  parts: Part[],
  query: LogsQuery,
  now: number,
  direction: 'forward' | 'backward',
): { lines: ApiLine[]; unfinished: boolean } {
  const { levels, since } = lineFilter(query, now);
  const limit = Number(query.limit ?? 200);
  const deadline = monotonic() + PATIENCE;
  const lines: ApiLine[] = [];
  let size = 0;
  for (let looked = 1; lines.length < limit && size < LARGEST; looked++) {
    const following = direction === 'forward' ? earliest(parts) : latest(parts);
    if (following === null) break;
    const { part: taken, line } = following;
    const placed = taken.head as PlacedLine;
    const at = positionOf(placed);
    if (direction === 'backward') taken.edge = at;
    const isBefore = since !== undefined && line.time !== null && line.time < since;
    taken.head = direction === 'backward' && isBefore ? null : next(taken.lines);
    if (taken.passes(line)) {
      const told = apiLine(line, at);
      if (isWanted(told, levels)) {
        lines.push(told);
        size += told.text.length;
      }
    }
    if (looked % LOOK_AT_CLOCK === 0 && monotonic() > deadline) return { lines, unfinished: true };
  }
  return { lines, unfinished: false };
}

export function isWanted({ level }: ApiLine, levels: Set<Level> | null): boolean {
  return levels === null || (level !== null && levels.has(level));
}

/** The same order in both directions: by time, then by service; what has no time is oldest. */
function earliest(parts: Part[]) {
  return choose(parts, (one, other) => one < other);
}

function latest(parts: Part[]) {
  return choose(parts, (one, other) => one >= other);
}

function choose(
  parts: Part[],
  isBetter: (one: number, other: number) => boolean,
): { part: Part; line: LogLine } | null {
  let best: Part | null = null;
  let time = 0;
  for (const each of parts) {
    if (each.head === null) continue;
    const its = each.head.segment.stretchAt(each.head.offset)?.time ?? Number.NEGATIVE_INFINITY;
    if (best !== null && !isBetter(its, time)) continue;
    best = each;
    time = its;
  }
  return best === null ? null : { part: best, line: logLine(best.service, best.head as PlacedLine) };
}
