/**
 * All that a service has printed and that is still kept, at one moment: rotated files, visible log, and
 * what stands in spools and has not been made visible (no daemon runs, or it has not come to it).
 *
 * Read without the daemon, while it may be at work: files are opened first, then the checkpoint says
 * where the visible log ends and the spools begin, so that nothing is missing and nothing comes twice.
 */
import { closeSync, fstatSync, openSync, type Stats } from 'node:fs';
import { inodeAt } from '../platform/stat.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import { fileId } from './file-id.ts';
import {
  checkpointFile,
  indexFile,
  indexFolder,
  recordedRuns,
  rotatedLog,
  rotatedNumbers,
  spools,
  visibleLog,
} from './layout.ts';
import { readTimeIndex, type Stretch, type TimeIndex } from './time-index.ts';

/** A part of a file. */
export interface Segment {
  fd: number;
  /** Which file it is: see `fileId`. */
  file: string;
  start: number;
  /** Exclusive. */
  end: number;
  /** Epoch ms after which nothing in it was printed. */
  writtenAt: number;
  /** When and by whom a byte of it was printed; null when that is not known. */
  stretchAt(offset: number): Stretch | null;
}

export interface History {
  /** Files of the visible log, oldest first. */
  visible: Segment[];
  /** What comes after it, still in the spools. */
  pending: (Segment & { run: number })[];
  /** Inode of the visible log; null when there is none. */
  ino: number | null;
  /** There was a visible log, and it is gone with what was in it. */
  wasRemoved: boolean;
  /** Number of the current or last run; null when none is known. */
  lastRun: number | null;
  close(): void;
}

interface OpenFile {
  fd: number;
  stats: Stats;
}

/** A rotation in the middle of the look is seen and the look done again, so many times. */
const TRIES = 5;

export function openHistory(root: string, logDir: string, service: string): History {
  const path = visibleLog(logDir, service);
  const indexDir = indexFolder(root, service);
  for (let left = TRIES; ; left--) {
    const files = openAll(root, service, path);
    const checkpoint = readCheckpoint(checkpointFile(indexDir, logDir));
    const settled = inodeAt(path) === (files.current?.stats.ino ?? null);
    if (!settled && left > 0) {
      files.close();
      continue;
    }
    const visible = files.rotated.map((file) => visibleSegment(file, indexDir, file.stats.size));
    if (files.current !== null) {
      visible.push(visibleSegment(files.current, indexDir, visibleEnd(files.current, checkpoint)));
    }
    return {
      visible,
      pending: files.spools.flatMap(({ run, ...file }) => pendingSegment(run, file, checkpoint)),
      ino: files.current?.stats.ino ?? null,
      wasRemoved: files.current === null && (checkpoint?.ino ?? 0) !== 0,
      lastRun: lastRun(root, service, checkpoint, visible),
      close: files.close,
    };
  }
}

function openAll(root: string, service: string, path: string) {
  const found = spools(root, service).flatMap(({ run, path: spool }) => {
    const file = tryOpen(spool);
    return file === null ? [] : [{ run, ...file }];
  });
  const numbers = rotatedNumbers(path).reverse();
  const rotated = numbers.map((number) => tryOpen(rotatedLog(path, number))).filter((file) => file !== null);
  const current = tryOpen(path);
  return {
    spools: found,
    rotated: rotated.filter((file) => file.stats.ino !== current?.stats.ino),
    current,
    close() {
      for (const { fd } of [...found, ...rotated]) closeSync(fd);
      if (current !== null) closeSync(current.fd);
    },
  };
}

function tryOpen(path: string): OpenFile | null {
  try {
    const fd = openSync(path, 'r');
    const stats = fstatSync(fd);
    if (stats.isFile()) return { fd, stats };
    closeSync(fd);
    return null;
  } catch {
    return null;
  }
}

/** What is being appended right now counts as still in its spool. */
export function visibleEnd(file: OpenFile, checkpoint: Checkpoint | null): number {
  const { ino, size } = file.stats;
  if (checkpoint?.ino !== ino) return size;
  if (checkpoint.pending > 0) return Math.min(checkpoint.size, fstatSync(file.fd).size);
  return Math.max(size, Math.min(checkpoint.size, fstatSync(file.fd).size));
}

function visibleSegment({ fd, stats }: OpenFile, indexDir: string, end: number): Segment {
  const stretchAt = remembering(readTimeIndex(indexFile(indexDir, stats.ino)));
  return { fd, file: fileId(stats), start: 0, end, writtenAt: stats.mtimeMs, stretchAt };
}

function pendingSegment(run: number, file: OpenFile, checkpoint: Checkpoint | null) {
  const stats = fstatSync(file.fd);
  const { size, nlink, ino, mtimeMs } = stats;
  // Removed while we looked: it is visible as a whole.
  if (nlink === 0) return [];
  const mark = checkpoint?.runs[run];
  const offset = mark?.ino === ino && mark.offset <= size ? mark.offset : 0;
  if (offset >= size) return [];
  const stretch = { offset, time: Math.floor(mtimeMs), run };
  return [
    {
      fd: file.fd,
      file: fileId(stats),
      run,
      start: offset,
      end: size,
      writtenAt: mtimeMs,
      stretchAt: () => stretch,
    },
  ];
}

/** Lines are asked for in order: most are in the stretch of the one before. */
export function remembering(index: TimeIndex): (offset: number) => Stretch | null {
  let from = 0;
  let to = 0;
  let stretch: Stretch | null = null;
  return (offset) => {
    if (offset >= from && offset < to) return stretch;
    const below = index.countBelow(offset + 1);
    stretch = below === 0 ? null : index.entry(below - 1);
    from = stretch?.offset ?? 0;
    to = below < index.count ? index.entry(below).offset : Number.POSITIVE_INFINITY;
    return stretch;
  };
}

function lastRun(
  root: string,
  service: string,
  checkpoint: Checkpoint | null,
  visible: Segment[],
): number | null {
  const recorded = recordedRuns(root, service);
  const attached = Object.keys(checkpoint?.runs ?? {}).map(Number);
  const current = visible.at(-1);
  const printed = current === undefined || current.end === 0 ? null : current.stretchAt(current.end - 1);
  const known = [...recorded, ...attached, checkpoint?.last ?? 0, printed?.run ?? 0];
  const last = Math.max(0, ...known);
  return last === 0 ? null : last;
}
