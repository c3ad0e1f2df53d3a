import type { LineOf } from '../problems.ts';

/** A configuration as read from its file, not yet checked. */
export interface Source {
  value: unknown;
  lineOf: LineOf;
  /** Absolute paths of the file and of the local files that it took in. */
  files: string[];
}

/** What a reader needs to know of the file. */
export interface Input {
  /** Absolute path. */
  file: string;
  /** The file as a person at the prompt would name it. */
  shown: string;
  text: string;
}

/** 1-based line and column of an offset. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}
