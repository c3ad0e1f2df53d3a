/**
 * Which lines of a service are errors, with what belongs to each: the place and the source line that Node prints above
 * one, and the stack below. Line by line, in their order. Pure.
 */
import type { LogLine } from '../logs/lines.ts';
import { plain } from '../logs/query.ts';
import { placeIn } from '../problem/places.ts';
import { recognise } from './level.ts';

export interface ErrorSieve {
  /** The lines that are known to belong to an error now: this one, earlier ones with it, or none. */
  push(line: LogLine): LogLine[];
  /** The line that was pushed last began an error. */
  readonly isNew: boolean;
}

/** Lines above an error that belong to it: its place, the source, carets, an empty line. */
const LEAD = 6;
/** Lines of one error. */
const LONGEST = 200;
const PYTHON_START = 'Traceback (most recent call last):';
/** `    at f (…)`, `    code: 'E…'`, `  [cause]: …`, `}` of an error object, `Caused by: …`, a continued message. */
const BELOW = /^(?:\s+\S|[})\]]+,?$|Caused by: |During handling of |The above exception |Node\.js v\d)/;

export function errorSieve(): ErrorSieve {
  let lead: LogLine[] = [];
  /** Lines told of the error that is open; 0: none is. */
  let told = 0;
  let blanks: LogLine[] = [];
  let isPython = false;
  let run: number | null = null;
  let isNew = false;

  function begin(line: LogLine, text: string): LogLine[] {
    const lines = [...blanks, ...lead, line];
    lead = [];
    blanks = [];
    told = lines.length;
    isNew = true;
    isPython = text === PYTHON_START;
    return lines;
  }

  function goOn(line: LogLine): LogLine[] {
    const lines = [...blanks, line];
    blanks = [];
    told += lines.length;
    return lines;
  }

  return {
    get isNew() {
      return isNew;
    },
    push(line) {
      isNew = false;
      const text = plain(line.text).trimEnd();
      if (line.run !== run) [run, lead, blanks, told, isPython] = [line.run, [], [], 0, false];
      const { level } = recognise(line.text);
      if (told > 0 && told < LONGEST) {
        if (text === '' && blanks.length === 0) {
          blanks = [line];
          return [];
        }
        // The error itself ends Python's traceback.
        if (isPython && /^\S/.test(text)) {
          isPython = false;
          return goOn(line);
        }
        if (BELOW.test(text)) return goOn(line);
      }
      if (level === 'error' || level === 'fatal') return begin(line, text);
      told = 0;
      blanks = [];
      if (/^\S/.test(text) && placeIn(text) !== null) lead = [line];
      else if (lead.length > 0 && lead.length < LEAD) lead.push(line);
      else lead = [];
      return [];
    },
  };
}

/** Only the errors of these, whole; `last`: so many of them at most, the youngest. `pattern`: must match in one of its lines. */
export function* errorsOf(
  lines: Iterable<LogLine>,
  last: number | null,
  pattern?: RegExp,
): Generator<LogLine> {
  const kept: LogLine[][] = [];
  for (const block of blocksOf(lines)) {
    if (pattern !== undefined && !block.some(({ text }) => pattern.test(plain(text)))) continue;
    if (last === null) yield* block;
    else if (kept.push(block) > last) kept.shift();
  }
  for (const block of kept) yield* block;
}

function* blocksOf(lines: Iterable<LogLine>): Generator<LogLine[]> {
  const sieve = errorSieve();
  let block: LogLine[] = [];
  for (const line of lines) {
    const found = sieve.push(line);
    if (found.length === 0) continue;
    if (sieve.isNew && block.length > 0) {
      yield block;
      block = [];
    }
    block.push(...found);
  }
  if (block.length > 0) yield block;
}
