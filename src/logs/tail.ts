/**
 * The lines that come to be in a file that is appended to and rotated, from a place on that one has been told before.
 * Nothing is watched here and nothing kept: each `read` takes what is there by now, as much as it is asked for.
 */
import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { inodeAt, statAt } from '../platform/stat.ts';
import { fileId } from './file-id.ts';
import { rotatedLog, rotatedNumbers } from './layout.ts';

/** A place in a file, behind the last line that was told. */
export interface Position {
  /** See `fileId`; '': there was no file. */
  file: string;
  /** Bytes; without a file: epoch ms at which there was none. */
  offset: number;
}

export interface TailLine {
  at: Position;
  ino: number;
  /** Without its end. */
  bytes: Buffer;
}

export interface TailRead {
  lines: TailLine[];
  /** Bytes that were skipped or are gone before these lines, and why; null: none. */
  gap: { reason: 'behind' | 'removed'; bytes: number | null; from: Position | null } | null;
  /** There is more to be had at once. */
  more: boolean;
  /** Something is being written, or a line is not at its end: look again soon. */
  unsettled: boolean;
}

export interface Tail {
  /** `flush`: a line without an end is told as it is. Throws what the file system throws. */
  read(flush?: boolean): TailRead;
  position(): Position;
  close(): void;
}

export interface TailOptions {
  /** Where to go on; `end`: with what comes from now on. */
  from: Position | 'end';
  /** How far the file may be read now. */
  endOf(file: { fd: number; stats: Stats }): number;
}

const NEWLINE = 10;
/** Bytes of one read. */
const BLOCK = 256 * 1024;
/** The kernel's clock for time stamps may be so many ms late. */
const COARSE = 10;
/** Who is further behind than this, in bytes, is told so, and goes on near the end. */
const BEHIND = 4 * 1024 * 1024;

interface OpenFile {
  fd: number;
  id: string;
  ino: number;
}

export function openTail(path: string, { from, endOf }: TailOptions): Tail {
  let file: OpenFile | null = null;
  let offset = 0;
  let lost = false;
  /** While there is no file: since when, in epoch ms. What was born before that has been told, or was there before. */
  let without = from !== 'end' && from.file === '' ? from.offset : 0;

  const turnTo = (next: OpenFile | null, start: number) => {
    if (file !== null) closeSync(file.fd);
    file = next;
    offset = start;
    if (next === null) without = Date.now() - COARSE;
  };

  if (from === 'end') {
    const current = openFile(path);
    turnTo(
      current,
      current === null ? 0 : lastLineEnd(current.fd, endOf({ fd: current.fd, stats: fstatSync(current.fd) })),
    );
  } else if (from.file !== '') {
    const found = files(path).find(({ id }) => id === from.file);
    const opened = found === undefined ? null : openFile(found.path);
    lost = opened === null || opened.id !== from.file || fstatSync(opened.fd).size < from.offset;
    if (!lost && opened !== null) turnTo(opened, from.offset);
    else if (opened !== null) closeSync(opened.fd);
  }

  const here = (): Position => (file === null ? { file: '', offset: without } : { file: file.id, offset });

  /** The file to be read from now; null: none is there. */
  const current = (): OpenFile | null => {
    if (file === null) {
      const first = files(path).find(({ born }) => born === 0 || born >= without);
      const opened = first === undefined ? null : openFile(first.path);
      if (opened !== null) turnTo(opened, 0);
    }
    return file;
  };

  const skipAhead = (): TailRead['gap'] => {
    const before = here();
    const all = files(path);
    const number = all.findIndex(({ id }) => id === file?.id);
    const left = all.slice(Math.max(0, number)).reduce((sum, each) => sum + each.size, 0) - offset;
    if (number < 0 || left <= BEHIND) return null;
    const last = openFile(path);
    if (last === null) return null;
    const size = endOf({ fd: last.fd, stats: fstatSync(last.fd) });
    const start = size <= BLOCK ? 0 : lineStart(last.fd, size - BLOCK, size);
    turnTo(last, start);
    return { reason: 'behind', bytes: Math.max(0, left - (size - start)), from: before };
  };

  const read = (flush = false): TailRead => {
    let gap: TailRead['gap'] = lost ? { reason: 'removed', bytes: null, from: null } : null;
    lost = false;
    for (;;) {
      if (current() === null || file === null) return { lines: [], gap, more: false, unsettled: false };
      gap = skipAhead() ?? gap;
      const stats = fstatSync(file.fd);
      const isGone = inodeAt(path) !== file.ino;
      if (stats.size < offset) {
        gap = { reason: 'removed', bytes: null, from: null };
        offset = 0;
      }
      const end = isGone ? stats.size : Math.max(offset, endOf({ fd: file.fd, stats }));
      const { lines, taken } = takeLines(file, offset, end, isGone || flush);
      offset += taken;
      if (lines.length > 0 || !isGone)
        return { lines, gap, more: taken > 0 && offset < end, unsettled: offset < stats.size };
      if (offset < end) return { lines, gap, more: true, unsettled: false };
      const next = after(path, file.id);
      turnTo(next === null ? null : openFile(next), 0);
    }
  };

  return {
    read,
    position: here,
    close: () => turnTo(null, 0),
  };
}

function takeLines(
  { fd, id, ino }: OpenFile,
  offset: number,
  end: number,
  whole: boolean,
): { lines: TailLine[]; taken: number } {
  const block = Buffer.allocUnsafe(Math.min(BLOCK, end - offset));
  const bytes = block.subarray(0, readSync(fd, block, 0, block.length, offset));
  const lines: TailLine[] = [];
  let from = 0;
  const take = (to: number) => {
    lines.push({ at: { file: id, offset: offset + from }, ino, bytes: bytes.subarray(from, to) });
    from = to;
  };
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, from)) {
    take(at);
    from = at + 1;
  }
  // A line that fills the whole block is told in pieces.
  const full = from === 0 && bytes.length === BLOCK;
  const last = whole && offset + bytes.length >= end;
  if (from < bytes.length && (full || last)) take(bytes.length);
  return { lines, taken: from };
}

function openFile(path: string): OpenFile | null {
  try {
    const fd = openSync(path, 'r');
    const stats = fstatSync(fd);
    if (stats.isFile()) return { fd, id: fileId(stats), ino: stats.ino };
    closeSync(fd);
  } catch {
    // It is not there (any more).
  }
  return null;
}

/** The file and its rotated ones, oldest first. */
function files(path: string): { path: string; id: string; size: number; born: number }[] {
  const paths = [
    ...rotatedNumbers(path)
      .map((number) => rotatedLog(path, number))
      .reverse(),
    path,
  ];
  return paths.flatMap((each) => {
    const stats = statAt(each);
    return stats?.isFile()
      ? [{ path: each, id: fileId(stats), size: stats.size, born: stats.birthtimeMs }]
      : [];
  });
}

/** What comes after a file that is no longer the current one. */
function after(path: string, id: string): string | null {
  const all = files(path);
  const number = all.findIndex((each) => each.id === id);
  // It was removed: what stands in its place now is what comes next.
  if (number < 0) return all.at(-1)?.path === path ? path : null;
  return all[number + 1]?.path ?? null;
}

/** Behind the last newline before `end`: a line that is being printed is told when it is whole. */
export function lastLineEnd(fd: number, end: number): number {
  for (let to = end; to > 0; to -= BLOCK) {
    const from = Math.max(0, to - BLOCK);
    const block = Buffer.allocUnsafe(to - from);
    const count = readSync(fd, block, 0, block.length, from);
    const newline = block.subarray(0, count).lastIndexOf(NEWLINE);
    if (newline !== -1) return from + newline + 1;
  }
  return 0;
}

/** The first beginning of a line at or after `from`; `end` when there is none. */
export function lineStart(fd: number, from: number, end: number): number {
  const block = Buffer.allocUnsafe(end - from);
  const count = readSync(fd, block, 0, block.length, from);
  const newline = block.subarray(0, count).indexOf(NEWLINE);
  return newline === -1 ? end : from + newline + 1;
}

/** Every whole line that is kept, oldest first, up to `before`; and the place behind the last of them. `now`: epoch ms. */
export function placedLines(
  path: string,
  before: Position | null,
  now: number,
): { lines: { at: Position; bytes: Buffer }[]; end: Position } {
  const all = files(path);
  const last = before === null ? all.length - 1 : all.findIndex(({ id }) => id === before.file);
  const kept = all.slice(0, last + 1);
  const lines: { at: Position; bytes: Buffer }[] = [];
  let end: Position = before ?? { file: '', offset: now };
  for (const [number, { path: each }] of kept.entries()) {
    const opened = openFile(each);
    if (opened === null) continue;
    const size = fstatSync(opened.fd).size;
    const to = before !== null && number === last ? Math.min(before.offset, size) : size;
    for (let offset = 0; offset < to; ) {
      const taken = takeLines(opened, offset, to, false);
      if (taken.taken === 0) break;
      lines.push(...taken.lines);
      offset += taken.taken;
      if (before === null) end = { file: opened.id, offset };
    }
    closeSync(opened.fd);
  }
  return { lines, end };
}
