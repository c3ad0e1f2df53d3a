/**
 * New lines of a service's visible log as they come: through rotation, removal and re-creation.
 *
 * Begins at the last line end of a history, so that what was shown and what comes make one whole. What
 * the history showed out of spools is left out when the daemon makes it visible.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { inodeAt } from '../platform/stat.ts';
import { readCheckpoint } from './checkpoint.ts';
import { type History, remembering, type Segment, visibleEnd } from './history.ts';
import { checkpointFile, indexFile, indexFolder, rotatedLog, rotatedNumbers, visibleLog } from './layout.ts';
import { type LogLine, lineText } from './lines.ts';
import type { Workspace } from './query.ts';
import { readTimeIndex, type Stretch } from './time-index.ts';
import { watchFolder } from './watch-folder.ts';

const NEWLINE = 10;
const BLOCK = 256 * 1024;
/** ms after which an unfinished line is shown as it is. */
const UNFINISHED = 300;
/** ms until the end of an append is looked for, and how often: a daemon that was killed never ends it. */
const SETTLE = 20;
const SETTLE_TRIES = 25;

/** Cuts a history to whole lines; answers the bytes of each run that it shows out of spools. */
export function cutToWholeLines(history: History): Map<number, number> {
  const current = history.ino === null ? undefined : history.visible.at(-1);
  const end = current?.end ?? 0;
  if (current !== undefined) current.end = wholeEnd(current);
  const split = current !== undefined && current.end < end ? current.stretchAt(end - 1)?.run : undefined;
  // The beginning of this run's next line is in the part that was cut off.
  history.pending = history.pending.filter((segment) => segment.run !== split);
  for (const segment of history.pending) segment.end = wholeEnd(segment);
  return new Map(history.pending.map(({ run, start, end }) => [run, end - start]));
}

function wholeEnd({ fd, start, end }: Segment): number {
  const block = Buffer.allocUnsafe(BLOCK);
  for (let to = end; to > start; to -= BLOCK) {
    const from = Math.max(start, to - BLOCK);
    const count = readSync(fd, block, 0, to - from, from);
    const newline = block.subarray(0, count).lastIndexOf(NEWLINE);
    if (newline !== -1) return from + newline + 1;
  }
  return start;
}

/**
 * Follows a service from where `history` (cut to whole lines) ends. Answers its undo, which first tells
 * what is there by now: the last words of a service that has just been stopped.
 */
export function followLog(
  workspace: Workspace,
  service: string,
  history: History,
  shown: Map<number, number>,
  onLines: (lines: LogLine[]) => void,
): () => void {
  const path = visibleLog(workspace.logDir, service);
  const indexDir = indexFolder(workspace.root, service);
  const block = Buffer.allocUnsafe(BLOCK);
  let file: { fd: number; ino: number } | null = history.ino === null ? null : openAt(path, history.ino);
  /** Rotated files that were there when there was no log to follow: what came before. */
  let known = file === null ? rotatedInodes(path) : new Set<number>();
  let offset = file === null ? 0 : (history.visible.at(-1)?.end ?? 0);
  let pieces: Buffer[] = [];
  let begun = offset;
  let tries = 0;
  let settling: NodeJS.Timeout | null = null;
  let unfinished: NodeJS.Timeout | null = null;

  const turnTo = (next: string | null) => {
    if (file !== null) closeSync(file.fd);
    file = next === null ? null : openAt(next, null);
    if (next === null) known = rotatedInodes(path);
    offset = begun = 0;
  };

  const take = (stretch: Stretch | null, bytes: number): LogLine | null => {
    const text = lineText(pieces);
    pieces = [];
    const left = stretch === null ? 0 : (shown.get(stretch.run) ?? 0);
    if (stretch !== null && left > 0) {
      shown.set(stretch.run, left - bytes);
      return null;
    }
    return { service, run: stretch?.run ?? null, time: stretch?.time ?? Date.now(), text };
  };

  /** Reads up to `end`; true when there was something. */
  const readTo = (end: number, stretchAt: (offset: number) => Stretch | null) => {
    while (file !== null && offset < end) {
      const count = readSync(file.fd, block, 0, Math.min(BLOCK, end - offset), offset);
      if (count === 0) return;
      const lines: LogLine[] = [];
      let from = 0;
      const bytes = block.subarray(0, count);
      for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, from)) {
        pieces.push(bytes.subarray(from, at));
        from = at + 1;
        const line = take(stretchAt(begun), offset + from - begun);
        begun = offset + from;
        if (line !== null) lines.push(line);
      }
      // Copied: the block is used again.
      if (from < count) pieces.push(Buffer.from(bytes.subarray(from)));
      offset += count;
      if (lines.length > 0) onLines(lines);
    }
  };

  const look = () => {
    for (;;) {
      if (file === null) file = openAt(firstNewFile(path, known), null);
      if (file === null) return;
      const stats = fstatSync(file.fd);
      const gone = inodeAt(path) !== file.ino;
      const checkpoint = readCheckpoint(checkpointFile(indexDir, workspace.logDir));
      const end = gone ? stats.size : visibleEnd({ fd: file.fd, stats }, checkpoint);
      if (stats.size < offset) {
        offset = begun = 0;
        pieces = [];
      }
      if (end > offset) readTo(end, remembering(readTimeIndex(indexFile(indexDir, file.ino))));
      if (!gone) return lookAgain(end < stats.size);
      const next = nextFile(path, file.ino);
      turnTo(next);
      if (next === null) return;
    }
  };

  const lookAgain = (appending: boolean) => {
    tries = appending ? tries + 1 : 0;
    if (settling !== null) clearTimeout(settling);
    settling = appending && tries <= SETTLE_TRIES ? setTimeout(look, SETTLE) : null;
    if (unfinished !== null) clearTimeout(unfinished);
    unfinished = pieces.length > 0 ? setTimeout(showUnfinished, UNFINISHED) : null;
  };

  const showUnfinished = () => {
    const stretch = file === null ? null : readTimeIndex(indexFile(indexDir, file.ino)).at(begun);
    const line = pieces.length === 0 ? null : take(stretch, offset - begun);
    begun = offset;
    if (line !== null) onLines([line]);
  };

  const unwatch = watchFolder(workspace.logDir, (name) => {
    if (name === null || name === `${service}.log`) look();
  });
  return () => {
    unwatch();
    look();
    if (pieces.length > 0) showUnfinished();
    if (settling !== null) clearTimeout(settling);
    if (unfinished !== null) clearTimeout(unfinished);
    if (file !== null) closeSync(file.fd);
    file = null;
  };
}

function openAt(path: string, ino: number | null): { fd: number; ino: number } | null {
  for (const candidate of [path, ...rotatedNumbers(path).map((number) => rotatedLog(path, number))]) {
    try {
      const fd = openSync(candidate, 'r');
      const found = fstatSync(fd).ino;
      if (ino === null || found === ino) return { fd, ino: found };
      closeSync(fd);
    } catch {
      // Not there any more: look at the next one.
    }
    if (ino === null) return null;
  }
  return null;
}

/** The oldest file that was not there before: the log may have been rotated since it came back. */
function firstNewFile(path: string, known: Set<number>): string {
  const rotated = rotatedNumbers(path).map((number) => rotatedLog(path, number));
  return rotated.reverse().find((file) => !known.has(inodeAt(file) ?? 0)) ?? path;
}

function rotatedInodes(path: string): Set<number> {
  return new Set(rotatedNumbers(path).map((number) => inodeAt(rotatedLog(path, number)) ?? 0));
}

/** What comes after a file that is no longer the log: the next younger rotated one, or the log itself. */
function nextFile(path: string, ino: number): string | null {
  const number = rotatedNumbers(path).find((candidate) => inodeAt(rotatedLog(path, candidate)) === ino);
  if (number !== undefined && number > 1) return rotatedLog(path, number - 1);
  return inodeAt(path) === null ? null : path;
}
