/** When a visible log is full, and how it makes room. */
import { renameSync, rmSync } from 'node:fs';
import { rotatedLog, rotatedNumbers } from './layout.ts';

const NEWLINE = 10;

export interface Fill {
  /** Bytes in the file. */
  size: number;
  /** True when the file is empty or ends with a newline. */
  endsLine: boolean;
  /** Bytes that it should not exceed. */
  maxSize: number;
}

/** Rotate now, or append so many of the bytes. */
export type Step = { rotate: true } | { rotate: false; length: number };

/**
 * What to do next with these bytes. Files are cut where a line ends and stay within `maxSize`, except
 * that a line longer than `maxSize` stays in one piece up to twice that size: without this limit a
 * program that never prints a newline would fill the disk.
 */
export function nextStep(fill: Fill, bytes: Uint8Array): Step {
  const room = fill.maxSize - fill.size;
  if (bytes.length <= room) return { rotate: false, length: bytes.length };
  if (fill.size > 0 && fill.endsLine && room <= 0) return { rotate: true };
  const fits = room > 0 ? bytes.lastIndexOf(NEWLINE, room - 1) + 1 : 0;
  if (fits > 0) return { rotate: false, length: fits };
  if (fill.size > 0 && fill.endsLine) return { rotate: true };
  return crossing(fill, bytes);
}

/** The line at hand does not fit. */
function crossing(fill: Fill, bytes: Uint8Array): Step {
  const hardRoom = 2 * fill.maxSize - fill.size;
  if (hardRoom <= 0) return { rotate: true };
  const end = bytes.indexOf(NEWLINE) + 1;
  const rest = end === 0 ? bytes.length : end;
  return { rotate: false, length: Math.min(rest, hardRoom) };
}

/**
 * Makes `visible` free: it becomes `.1`, `.1` becomes `.2`, up to `keep` (0: it is removed).
 * Shifts only as far as the first gap, so that a rotation that was cut short by a kill and is done
 * again costs no old file.
 */
export function rotateFiles(visible: string, keep: number): void {
  const numbers = rotatedNumbers(visible);
  for (const number of numbers) {
    if (number > keep) rmSync(rotatedLog(visible, number), { force: true });
  }
  if (keep === 0) {
    rmSync(visible, { force: true });
    return;
  }
  let gap = 1;
  while (gap < keep && numbers.includes(gap)) gap += 1;
  for (let number = gap; number > 1; number--) {
    moveAway(rotatedLog(visible, number - 1), rotatedLog(visible, number));
  }
  moveAway(visible, rotatedLog(visible, 1));
}

/** Somebody may have removed it in the meantime: then there is nothing to move. */
function moveAway(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
