/** The error that lines of output tell of, with the lines of source around it as they are now. */
import { readFileSync, statSync } from 'node:fs';
import type { Problem } from '../contract/api/problem.ts';
import { type Found, parseProblem } from '../problem/parse.ts';
import type { Place } from '../problem/places.ts';
import { inWorkspace } from './graph/paths.ts';

/** Lines shown before and after the one that is meant. */
const AROUND = 2;
const LONGEST_LINE = 200;
/** Bytes of a file of which a frame is shown: what is larger is not written by hand. */
const LARGEST = 2 * 1024 * 1024;
const LONGEST_MESSAGE = 500;

/** `root`: real path of the workspace. Null when nothing looks like an error. */
export function problemIn(lines: readonly string[], root: string): Problem | null {
  const found = parseProblem(lines, root);
  return found === null ? null : tell(found, root);
}

function tell({ type, message, place }: Found, root: string): Problem {
  return {
    type,
    message: message.slice(0, LONGEST_MESSAGE),
    file: place === null ? null : inWorkspace(root, place.file),
    line: place?.line ?? null,
    column: place?.column ?? null,
    frame: place === null ? [] : frameOf(place),
  };
}

/** Empty when the file cannot be read, or has no such line. */
function frameOf({ file, line, column }: Place): string[] {
  const texts = linesOf(file);
  if (texts === null || line < 1 || line > texts.length) return [];
  const first = Math.max(1, line - AROUND);
  const last = Math.min(texts.length, line + AROUND);
  const width = String(last).length;
  const rows: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = (texts[number - 1] as string).replaceAll('\t', '  ');
    rows.push(
      `${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${text.slice(0, LONGEST_LINE)}`,
    );
    if (number !== line || column === null || column > LONGEST_LINE) continue;
    rows.push(
      `  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, columnShown(texts[number - 1] as string, column)))}^`,
    );
  }
  return rows;
}

/** Tabs are shown as two. */
function columnShown(text: string, column: number): number {
  return text.slice(0, column - 1).replaceAll('\t', '  ').length;
}

function linesOf(file: string): string[] | null {
  try {
    if (statSync(file).size > LARGEST) return null;
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch {
    return null;
  }
}
