/** The end of a file as lines, for status and failure reports: cheap whatever the file is. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes read at most. */
const WINDOW = 64 * 1024;
/** Characters of one line kept at most. */
const MAX_LINE = 4096;
const CUT = '…';

/**
 * The last `n` lines, oldest first, without their ends; fewer when the file has fewer, or more than
 * 64 KB in them. A line over 4096 characters keeps its beginning, or its end if that is all there is,
 * and has a "…" for the rest. None when the file cannot be read.
 */
export function lastLines(path: string, n: number): string[] {
  const window = readEnd(path);
  if (window === null || n <= 0) return [];
  const lines = window.text.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  // The first line of the window has lost its beginning; alone it is better than nothing.
  if (window.cut && lines.length > 1) lines.shift();
  else if (window.cut) lines[0] = `${CUT}${lines[0] ?? ''}`;
  return lines.slice(-n).map(tidy);
}

function tidy(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (text.length <= MAX_LINE) return text;
  return text.startsWith(CUT) ? `${CUT}${text.slice(-MAX_LINE)}` : `${text.slice(0, MAX_LINE)}${CUT}`;
}

function readEnd(path: string): { text: string; cut: boolean } | null {
  try {
    const fd = openSync(path, 'r');
    try {
      const { size } = fstatSync(fd);
      const start = Math.max(0, size - WINDOW);
      const bytes = Buffer.alloc(Math.min(size, WINDOW));
      const count = readSync(fd, bytes, 0, bytes.length, start);
      return { text: bytes.toString('utf8', 0, count), cut: start > 0 };
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
}
