/** The lines of a history, from either end, in bounded memory. */
import { readSync } from 'node:fs';
import type { Segment } from './history.ts';

export interface LogLine {
  service: string;
  /** Null when nothing is known of it (printed before there was an index). */
  run: number | null;
  /** Epoch ms, exact to 50 ms; null when not known. */
  time: number | null;
  /** Without its end (`\n` or `\r\n`); colours and all. */
  text: string;
}

const NEWLINE = 10;
const RETURN = 13;
const BLOCK = 256 * 1024;

/** A line and where it begins. */
export interface PlacedLine {
  segment: Segment;
  offset: number;
  /** Its bytes, without the end. */
  pieces: Buffer[];
}

/** Oldest first. */
export function* linesForward(service: string, segments: Segment[]): Generator<LogLine> {
  for (const placed of placedForward(segments)) yield logLine(service, placed);
}

/** Youngest first. */
export function* linesBackward(service: string, segments: Segment[]): Generator<LogLine> {
  for (const placed of placedBackward(segments)) yield logLine(service, placed);
}

/** Oldest first. */
export function* placedForward(segments: Segment[]): Generator<PlacedLine> {
  let pieces: Buffer[] = [];
  let begun: { segment: Segment; offset: number } | null = null;
  let before: Segment | null = null;
  for (const segment of segments) {
    if (begun !== null && before !== null && !continues(before, segment)) {
      yield { ...begun, pieces };
      [pieces, begun] = [[], null];
    }
    for (let offset = segment.start; offset < segment.end; ) {
      const block = read(segment, offset, Math.min(segment.end, offset + BLOCK));
      if (block.length === 0) break;
      let from = 0;
      for (let end = block.indexOf(NEWLINE); end !== -1; end = block.indexOf(NEWLINE, from)) {
        const at = begun ?? { segment, offset: offset + from };
        yield { ...at, pieces: [...pieces, block.subarray(from, end)] };
        [pieces, begun] = [[], null];
        from = end + 1;
      }
      if (from < block.length) {
        begun ??= { segment, offset: offset + from };
        pieces.push(block.subarray(from));
      }
      offset += block.length;
    }
    if (segment.end > segment.start) before = segment;
  }
  if (begun !== null) yield { ...begun, pieces };
}

/** Youngest first. */
export function* placedBackward(segments: Segment[]): Generator<PlacedLine> {
  const filled = segments.filter((segment) => segment.end > segment.start);
  /** Pieces of the line whose beginning has not been found; null when there is none. */
  let open: Buffer[] | null = null;
  for (let number = filled.length - 1; number >= 0; number--) {
    const segment = filled[number] as Segment;
    for (let offset = segment.end; offset > segment.start; ) {
      const first = Math.max(segment.start, offset - BLOCK);
      const block = read(segment, first, offset);
      let to = block.length;
      for (let end = lastNewline(block, to); end !== -1; end = lastNewline(block, to)) {
        const last: Buffer = block.subarray(end + 1, to);
        if (open !== null || last.length > 0) {
          yield { segment, offset: first + end + 1, pieces: [last, ...(open ?? [])] };
        }
        open = [];
        to = end;
      }
      if (to > 0) open = [block.subarray(0, to), ...(open ?? [])];
      offset = first;
    }
    const older = filled[number - 1];
    if (open !== null && (older === undefined || !continues(older, segment))) {
      yield { segment, offset: segment.start, pieces: open };
      open = null;
    }
  }
}

/** A line that was cut by rotation, or of which a part is still in the spool. */
function continues(older: Segment, younger: Segment): boolean {
  const last = read(older, older.end - 1, older.end)[0];
  return last !== NEWLINE && older.stretchAt(older.end - 1)?.run === younger.stretchAt(younger.start)?.run;
}

function lastNewline(block: Buffer, to: number): number {
  return to === 0 ? -1 : block.lastIndexOf(NEWLINE, to - 1);
}

function read(segment: Segment, from: number, to: number): Buffer {
  const bytes = Buffer.allocUnsafe(to - from);
  return bytes.subarray(0, readSync(segment.fd, bytes, 0, bytes.length, from));
}

export function logLine(service: string, { segment, offset, pieces }: PlacedLine): LogLine {
  const stretch = segment.stretchAt(offset);
  const text = lineText(pieces);
  return { service, run: stretch?.run ?? null, time: stretch?.time ?? null, text };
}

/** The text of a line's bytes, without a carriage return at its end. */
export function lineText(pieces: Buffer[]): string {
  const bytes = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
  const end = bytes[bytes.length - 1] === RETURN ? bytes.length - 1 : bytes.length;
  return bytes.toString('utf8', 0, end);
}
