/** What a line of a log says of itself: its level, and the message in a JSON line. Done by the reader, never by the daemon. Pure. */
import type { Level } from '../contract/api/logs.ts';
import { plain } from '../logs/query.ts';

export interface Recognised {
  level: Level | null;
  message: string | null;
}

/** pino's and bunyan's numbers. */
const NUMBERED: [least: number, level: Level][] = [
  [60, 'fatal'],
  [50, 'error'],
  [40, 'warn'],
  [30, 'info'],
  [20, 'debug'],
  [0, 'trace'],
];

const NAMED: Record<string, Level> = {
  trace: 'trace',
  silly: 'trace',
  verbose: 'debug',
  debug: 'debug',
  info: 'info',
  http: 'info',
  notice: 'info',
  log: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  severe: 'error',
  fatal: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  emerg: 'fatal',
  panic: 'fatal',
};
const NAMES = Object.keys(NAMED).join('|');

/** A date and time in front: its letters are no level. */
const STAMP = /^\[?\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?\]?\s*/;
/** So far into a line its level is looked for. */
const HEAD = 120;
/** `[ERROR]`, `<warn>`, `ERROR:`, `error -`, `level=warn`, after a time and the like. A bare word counts in capitals only. */
const LOGFMT = new RegExp(`\\b(?:level|lvl|severity)=["']?(${NAMES})\\b`, 'i');
const BRACKETS = new RegExp(`^[^\\p{L}\\[<(]*(?:\\[[^\\]]*\\]\\s*)*?[\\[<(]\\s*(${NAMES})\\s*[\\]>)]`, 'iu');
const PREFIX = new RegExp(`^[^\\p{L}]*(${NAMES})(?::|\\s+[-|–]\\s|\\]|\\[)`, 'iu');
const CAPITALS = new RegExp(`^[^\\p{L}]*(${NAMES.toUpperCase()})\\b`, 'u');
/** What runtimes print when something was thrown: `TypeError: …`, `Uncaught …`, Python's traceback. */
const THROWN =
  /^(?:Uncaught |Unhandled |Traceback \(most recent call last\)|[\w.]*(?:Error|Exception)\b(?: \[\w+\])?:)/;
const NPM = /^npm (err|error|warn)\b/i;

/** `text`: with its colours. */
export function recognise(text: string): Recognised {
  const bare = plain(text).trimStart();
  if (bare.startsWith('{')) {
    const found = ofJson(bare);
    if (found !== null) return found;
  }
  return { level: ofText(bare.slice(0, HEAD).replace(STAMP, '')), message: null };
}

function ofText(head: string): Level | null {
  const word = [LOGFMT, BRACKETS, PREFIX, CAPITALS, NPM]
    .map((pattern) => pattern.exec(head)?.[1])
    .find((each) => each !== undefined);
  if (word !== undefined) return NAMED[word.toLowerCase()] ?? null;
  return THROWN.test(head) ? 'error' : null;
}

function ofJson(text: string): Recognised | null {
  const value = parse(text);
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Record<string, unknown>;
  const level = levelOf(fields['level'] ?? fields['severity'] ?? fields['lvl']);
  const message = [fields['msg'], fields['message']].find((each) => typeof each === 'string');
  return { level, message: typeof message === 'string' ? message : null };
}

function levelOf(value: unknown): Level | null {
  if (typeof value === 'string') return NAMED[plain(value).toLowerCase()] ?? null;
  if (typeof value !== 'number') return null;
  return NUMBERED.find(([least]) => value >= least)?.[1] ?? null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
