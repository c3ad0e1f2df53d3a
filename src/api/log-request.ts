/** A query for log lines, made exact. Pure but for the time of day. */

import type { Level, LogsQuery } from '../contract/api/logs.ts';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { parseMoment } from '../contract/moment.ts';
import type { LineFilter } from '../logs/query.ts';

const LONGEST_PATTERN = 1000;

/** Throws UserError (usage). */
export function lineFilter(query: LogsQuery, now: number): LineFilter & { levels: Set<Level> | null } {
  const { since, until, run, grep, levels } = query;
  return {
    ...(since !== undefined && { since: moment(since, 'since', now) }),
    ...(until !== undefined && { until: moment(until, 'until', now) }),
    ...(run !== undefined && { run: run === 'last' ? 'last' : Number(run) }),
    ...(grep !== undefined && { pattern: pattern(grep) }),
    levels: levels === undefined || levels.length === 0 ? null : new Set(levels),
  };
}

/** Epoch ms as digits, or as a person writes a time. Throws UserError (usage). */
export function moment(text: string, name: string, now: number): number {
  const found = /^\d{11,}$/.test(text) ? Number(text) : parseMoment(text, now);
  if (found !== null) return found;
  throw new UserError(
    ExitCode.usage,
    `"${text}" is no time for ${name}.`,
    'For example: 10m, 14:02, 2026-11-23T10:00, or epoch ms.',
  );
}

function pattern(text: string): RegExp {
  const ignoresCase = text.startsWith('(?i)');
  const source = ignoresCase ? text.slice('(?i)'.length) : text;
  try {
    if (source.length > LONGEST_PATTERN) throw new Error(`it has over ${LONGEST_PATTERN} characters`);
    return new RegExp(source, ignoresCase ? 'i' : '');
  } catch (error) {
    throw new UserError(
      ExitCode.usage,
      `grep is no regular expression: ${error instanceof Error ? error.message : String(error)}`,
      'Put a backslash before characters that have a meaning there: \\( \\[ \\*',
    );
  }
}
