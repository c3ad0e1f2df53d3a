/** What `upkeep logs` was asked for, from the words on its command line. */
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import { parseMoment } from '../../contract/moment.ts';
import type { LineFilter } from '../../logs/query.ts';

/** As typed; an option without its value is ''. */
export interface LogsWords {
  names: string[];
  lines?: string | undefined;
  follow?: boolean | undefined;
  since?: string | undefined;
  until?: string | undefined;
  grep?: string | undefined;
  run?: string | undefined;
  sinceRestart?: boolean | undefined;
  sinceEdit?: boolean | undefined;
  errors?: boolean | undefined;
  timestamps?: boolean | undefined;
  json?: boolean | undefined;
}

export interface LogsRequest {
  /** Selectors; none: all services. */
  names: string[];
  /** Which logs there are, not what is in them. */
  lists: boolean;
  /** Last lines of each service; null: all that pass the filter. */
  count: number | null;
  filter: LineFilter;
  /** Only errors, each with its stack; `count` is then of errors. */
  errors: boolean;
  /** Of each service, the run that its last edit began, and those after it. */
  sinceEdit: boolean;
  follow: boolean;
  timestamps: boolean;
  json: boolean;
}

const DEFAULT_COUNT = 50;

/** Throws UserError (usage) that names the option, what it got and what it takes. */
export function logsRequest(words: LogsWords, now: number): LogsRequest {
  const filter: LineFilter = {};
  if (words.since !== undefined) filter.since = moment('--since', words.since, now);
  if (words.until !== undefined) filter.until = moment('--until', words.until, now);
  if (words.grep !== undefined) filter.pattern = pattern(words.grep);
  if (words.run !== undefined) filter.run = runNumber(words.run);
  if (words.sinceRestart === true || words.sinceEdit === true) filter.run = 'last';
  refuse(words, filter);
  return {
    names: words.names,
    lists: words.names.length === 0 && !asksForLines(words),
    count: count(words.lines, filter, words.errors === true),
    filter,
    errors: words.errors === true,
    sinceEdit: words.sinceEdit === true,
    follow: words.follow === true,
    timestamps: words.timestamps === true,
    json: words.json === true,
  };
}

/** Any option but --json, which the list of the logs has too, is about lines. */
function asksForLines({ names: _, json: __, ...options }: LogsWords): boolean {
  return Object.values(options).some((value) => value !== undefined && value !== false);
}

function refuse(words: LogsWords, filter: LineFilter): void {
  const runs = [
    words.run !== undefined && '--run',
    words.sinceRestart && '--since-restart',
    words.sinceEdit && '--since-edit',
  ].filter((option) => typeof option === 'string');
  if (runs.length > 1) throw usage(`${runs.join(' and ')} both choose a run.`, 'Give one of them.');
  if (words.follow === true && words.errors === true && words.grep !== undefined) {
    throw usage('--follow with --errors takes no --grep.', 'Leave one of them out.');
  }
  if (words.follow === true && filter.until !== undefined) {
    throw usage('--follow waits for new lines, --until ends before them.', 'Give one of them.');
  }
  const { since, until } = filter;
  if (since !== undefined && until !== undefined && since > until) {
    throw usage(`--since ${words.since} is later than --until ${words.until}.`, 'Swap them.');
  }
}

/** Whoever chooses by time, text or run wants all of it, unless a number is given. */
function count(text: string | undefined, filter: LineFilter, isErrors: boolean): number | null {
  if (text === undefined) return Object.keys(filter).length > 0 || isErrors ? null : DEFAULT_COUNT;
  if (text === 'all') return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw usage(`--lines takes a number or "all", not "${text}".`, 'For example: upkeep logs web -n 200');
}

function runNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usage(
    `--run takes the number of a run, from 1, not "${text}".`,
    'The last ones, newest first: upkeep why NAME',
  );
}

function moment(option: string, text: string, now: number): number {
  const time = parseMoment(text, now);
  if (time !== null) return time;
  throw usage(
    `${option} takes a time or a duration, not "${text}".`,
    'For example: 10m, 1h30m, 14:02, 2026-11-23, 2026-11-23T10:00',
  );
}

function pattern(text: string): RegExp {
  if (text === '') throw usage('--grep needs a regular expression.', 'For example: --grep "error|warn"');
  try {
    return new RegExp(text, 'u');
  } catch {
    return legacyPattern(text);
  }
}

/** Unicode mode refuses escapes that people are used to (`\-`); only what is wrong without it is an error. */
function legacyPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    const position = faultPosition(text);
    throw usage(
      `--grep: ${reason(error)} at position ${position}: ${text.slice(0, position - 1)}»${text.slice(position - 1)}`,
      'It is a JavaScript regular expression; put a \\ before a character that is meant as itself.',
    );
  }
}

/** Of `Invalid regular expression: /(/: Unterminated group` the last part. */
function reason(error: unknown): string {
  return String(error instanceof Error ? error.message : error).replace(/^.*\/[a-z]*: /s, '');
}

/**
 * Where it goes wrong, from 1: the engine does not tell. The first character from which on no longer
 * beginning of the expression is valid: an open bracket, a quantifier with nothing to repeat.
 */
function faultPosition(text: string): number {
  let position = text.length;
  while (position > 1 && !isValid(text.slice(0, position - 1))) position -= 1;
  return position;
}

function isValid(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

function usage(message: string, hint: string): UserError {
  return new UserError(ExitCode.usage, message, hint);
}
