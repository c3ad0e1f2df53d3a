/** The report's file, read piece by piece from where the last look ended. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { ReportLine } from '../contract/report.ts';
import { LineReader } from './lines.ts';
import { parseReportLine } from './report-line.ts';

/**
 * Bytes that are read of one report. 50,000 loads with long paths are 15 MB; several processes
 * that each report the same files make some more.
 */
export const MAX_REPORT_BYTES = 64 * 1024 * 1024;
/** Lines that say nothing, after which nobody believes that a hook writes there. Each costs up to 12 µs. */
const MAX_USELESS_LINES = 10_000;
const PIECE = 64 * 1024;

/** After a read: nothing more now; more, and the budget is spent; no further, ever. */
export type ReadEnd = 'all' | 'more' | 'cut';

export interface ReportFile {
  /** Hands on whole lines, of so many bytes at most. */
  read(budget: number): ReadEnd;
  close(): void;
}

/** Null when there is no such file, or it is not one that can be read to an end. `onLine` may close it. */
export function openReport(path: string, onLine: (line: ReportLine) => void): ReportFile | null {
  const fd = openFile(path);
  if (fd === null) return null;
  let isOpen = true;
  let offset = 0;
  let total = 0;
  let useless = 0;
  const lines = new LineReader((text) => {
    const line = isOpen ? parseReportLine(text) : null;
    if (line !== null) onLine(line);
    else useless++;
  });

  const nextPiece = (most: number): Buffer => {
    const { size } = fstatSync(fd);
    if (size < offset) {
      // Somebody has emptied it.
      offset = 0;
      lines.reset();
    }
    const piece = Buffer.allocUnsafe(Math.min(size - offset, PIECE, most));
    return piece.subarray(0, readSync(fd, piece, 0, piece.length, offset));
  };

  return {
    read(budget) {
      for (let left = budget; left > 0 && isOpen; ) {
        if (total >= MAX_REPORT_BYTES || useless > MAX_USELESS_LINES) return 'cut';
        const piece = attempt(() => nextPiece(left));
        if (piece === null || piece.length === 0) return 'all';
        offset += piece.length;
        total += piece.length;
        left -= piece.length;
        lines.push(piece);
      }
      return isOpen ? 'more' : 'all';
    },
    close() {
      if (isOpen) closeSync(fd);
      isOpen = false;
    },
  };
}

/** A disk that fails has nothing more to tell. */
function attempt(read: () => Buffer): Buffer | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** Without waiting for a writer and without following a link: whatever a service has put in the place of the file. */
function openFile(path: string): number | null {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd);
    return null;
  } catch {
    return null;
  }
}
