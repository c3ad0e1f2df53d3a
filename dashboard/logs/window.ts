/**
 * The part of the logs that is held: chunks in their order, each with the cursors at its ends. Whatever falls off at
 * one end can be fetched again by the cursor that is now at that end. Pure.
 */
import type { ApiLine } from '../../src/contract/api/logs.ts';

interface Chunk {
  lines: ApiLine[];
  /** Leads to what is before; null: nothing is. */
  older: string | null;
  /** Leads to what is after. */
  newer: string;
}

export interface LogWindow {
  chunks: Chunk[];
  /** All lines, oldest first. */
  lines: ApiLine[];
}

/** Lines that are held at most. */
export const MOST = 10_000;
/** The stream comes in small pieces: so many lines make one chunk. */
const CHUNK = 1000;

export const EMPTY: LogWindow = { chunks: [], lines: [] };

export function begin(chunk: Chunk): LogWindow {
  return { chunks: [chunk], lines: chunk.lines };
}

export function olderCursor({ chunks }: LogWindow): string | null {
  return chunks[0]?.older ?? null;
}

export function newerCursor({ chunks }: LogWindow): string | null {
  return chunks.at(-1)?.newer ?? null;
}

/** Behind the last line; the oldest chunks fall off when there are too many. */
export function append(window: LogWindow, lines: ApiLine[], newer: string): LogWindow {
  const last = window.chunks.at(-1);
  const joined =
    last !== undefined && last.lines.length < CHUNK
      ? [...window.chunks.slice(0, -1), { ...last, lines: [...last.lines, ...lines], newer }]
      : [...window.chunks, { lines, older: last?.newer ?? null, newer }];
  let dropped = 0;
  let excess = window.lines.length + lines.length - MOST;
  let first = 0;
  for (
    let size = joined[first]?.lines.length ?? 0;
    excess >= size && first < joined.length - 1;
    size = joined[first]?.lines.length ?? 0
  ) {
    excess -= size;
    dropped += size;
    first += 1;
  }
  return { chunks: joined.slice(first), lines: [...window.lines.slice(dropped), ...lines] };
}

/** Before the first line; the newest chunks fall off when there are too many. */
export function prepend(window: LogWindow, lines: ApiLine[], older: string | null): LogWindow {
  const before = olderCursor(window);
  const chunks = [{ lines, older, newer: before ?? newerCursor(window) ?? '' }, ...window.chunks];
  let kept = chunks.length;
  let total = window.lines.length + lines.length;
  while (kept > 1 && total - (chunks[kept - 1]?.lines.length ?? 0) >= MOST) {
    total -= chunks[kept - 1]?.lines.length ?? 0;
    kept -= 1;
  }
  return { chunks: chunks.slice(0, kept), lines: [...lines, ...window.lines].slice(0, total) };
}
