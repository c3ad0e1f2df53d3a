/** An error in few words, and an id by which the same error is known again. Pure. */
import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { ErrorMark, Exit } from '../contract/facts.ts';
import { parseProblem } from './parse.ts';

const LONGEST_MESSAGE = 200;
/** Characters of a line that are looked at: what is longer is no error that a person wrote. */
const LONGEST_LINE = 500;

/** In this order: a path may hold numbers. */
const CHANGES: readonly [RegExp, string][] = [
  [/\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi, '#'],
  [/(?:file:\/\/)?(?:\/[\w.@+-]+){2,}/g, '/…'],
  [/\b0x[\da-f]+\b/gi, '#'],
  [/\b(?=[a-f]*\d)[\da-f]{7,}\b/gi, '#'],
  [/\d+/g, '#'],
];

/** What of a message is the same each time that the same thing goes wrong. */
export function essence(message: string): string {
  return CHANGES.reduce((text, [pattern, instead]) => text.replace(pattern, instead), message);
}

/** `root`: real path of the workspace. Undefined when nothing looks like an error. */
export function markIn(lines: readonly string[], root: string): ErrorMark | undefined {
  const found = parseProblem(
    lines.map((line) => line.slice(0, LONGEST_LINE)),
    root,
  );
  if (found === null) return undefined;
  const { type, place } = found;
  const message = found.message.slice(0, LONGEST_MESSAGE);
  const file = place === null ? null : relative(root, place.file);
  return { id: idOf([type, essence(message), file]), type, message, file, line: place?.line ?? null };
}

/** A signal from outside says nothing of an error that stands in the log. */
export function mayBeOfError(exit: Exit): boolean {
  return ('code' in exit && exit.code !== 0) || ('signal' in exit && exit.signal === 'SIGABRT');
}

function idOf(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
