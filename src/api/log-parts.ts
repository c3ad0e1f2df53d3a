/** Which parts of a service's log lie before or behind a place, and where a time begins in them. */
import type { History, Segment } from '../logs/history.ts';
import { lastLineEnd, lineStart, type Position } from '../logs/tail.ts';

/** The visible files up to the last whole line: what a stream then goes on with. */
export function wholeSegments({ visible }: History): Segment[] {
  const current = visible.at(-1);
  if (current === undefined) return [];
  return [...visible.slice(0, -1), { ...current, end: lastLineEnd(current.fd, current.end) }];
}

/** Behind the last line of these. */
export function endOf(segments: Segment[], now: number): Position {
  const last = segments.at(-1);
  return last === undefined ? { file: '', offset: now } : { file: last.file, offset: last.end };
}

/** What was printed before: nothing, when the file of that place is gone, since what is kept is younger. */
export function upTo(segments: Segment[], { file, offset }: Position): Segment[] {
  const number = segments.findIndex((each) => each.file === file);
  const last = segments[number];
  if (last === undefined) return [];
  return [...segments.slice(0, number), { ...last, end: Math.min(offset, last.end) }];
}

/** What comes from there on; null when that place is not there any more. */
export function from(segments: Segment[], { file, offset }: Position): Segment[] | null {
  if (file === '') return segments.filter((each) => bornAt(each.file) >= offset);
  const number = segments.findIndex((each) => each.file === file);
  const first = segments[number];
  if (first === undefined || offset > first.end) return null;
  return [{ ...first, start: offset }, ...segments.slice(number + 1)];
}

/** As a file's id has it. */
function bornAt(file: string): number {
  return Number.parseInt(file.split('.')[1] ?? '0', 36);
}

/** Leaves out what was printed before `since` (epoch ms), but for a few lines. */
export function sinceTime(segments: Segment[], since: number | undefined): Segment[] {
  if (since === undefined) return segments;
  const young = segments.filter(({ writtenAt }) => writtenAt >= since);
  const [first, ...rest] = young;
  return first === undefined ? [] : [{ ...first, start: seek(first, since) }, ...rest];
}

const NEAR = 64 * 1024;

/** Times ascend with offsets, as long as nobody sets the clock back. */
function seek(segment: Segment, since: number): number {
  let low = segment.start;
  let high = segment.end;
  while (high - low > NEAR) {
    const middle = Math.floor((low + high) / 2);
    if ((segment.stretchAt(middle)?.time ?? 0) < since) low = middle;
    else high = middle;
  }
  return low === segment.start ? low : lineStart(segment.fd, low, Math.min(segment.end, low + NEAR * 2));
}
