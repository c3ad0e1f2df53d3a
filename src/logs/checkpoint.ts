/**
 * How far the visible log has got, so that a daemon that was killed loses and doubles nothing.
 *
 * Saved before a chunk is appended (with its length as `pending`) and after it. The next daemon cuts
 * the visible log back to `size` when a chunk was pending and reads the spools again from their
 * offsets. One write of under a page at offset 0: a SIGKILL leaves the old record or the new one.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Home } from './home.ts';
import { checkpointFiles } from './layout.ts';

export interface SpoolMark {
  /** Inode of the spool: a run's number may come again when somebody has removed our records. */
  ino: number;
  /** Bytes of the spool that are in the visible log. */
  offset: number;
}

export interface Checkpoint {
  /** Folder of the visible log. */
  logDir: string;
  /** Inode of the visible log; 0 when there is none. */
  ino: number;
  /** Bytes of the visible log. */
  size: number;
  /** Bytes that were about to be appended. */
  pending: number;
  /** The run that printed last; null when the visible log is new. */
  last: number | null;
  /** Attached runs by number. */
  runs: Record<string, SpoolMark>;
}

export interface CheckpointFile {
  save(checkpoint: Checkpoint): void;
  close(): void;
}

const RECORD_BYTES = 512;

export function emptyCheckpoint(logDir: string): Checkpoint {
  return { logDir, ino: 0, size: 0, pending: 0, last: null, runs: {} };
}

/** Opens the file when first saved, and again after `close`. Throws what the file system throws. */
export function checkpointWriter(path: string, home: Home): CheckpointFile {
  let fd: number | null = null;
  let length = RECORD_BYTES;
  return {
    save(checkpoint) {
      fd ??= open(path, home);
      const text = JSON.stringify(checkpoint);
      // Never shorter than before, so that nothing of an older record shows behind this one.
      length = Math.max(length, Math.ceil((text.length + 1) / RECORD_BYTES) * RECORD_BYTES);
      writeSync(fd, `${text.padEnd(length - 1)}\n`, 0);
    },
    close() {
      if (fd !== null) closeSync(fd);
      fd = null;
    },
  };
}

function open(path: string, home: Home): number {
  home.make(dirname(path));
  try {
    return openSync(path, 'r+');
  } catch {
    return openSync(path, 'w', 0o600);
  }
}

/** Null when there is none, or when what stands there is not a checkpoint. */
export function readCheckpoint(path: string): Checkpoint | null {
  try {
    // Only the first line counts: a longer record of an earlier daemon may show behind it.
    const line = readFileSync(path, 'utf8').split('\n', 1)[0] ?? '';
    const value: unknown = JSON.parse(line);
    return isCheckpoint(value) ? value : null;
  } catch {
    return null;
  }
}

/** Of all folders that a service's log has been in. */
export function readCheckpoints(indexDir: string): Checkpoint[] {
  return checkpointFiles(indexDir)
    .map(readCheckpoint)
    .filter((each) => each !== null);
}

function isCheckpoint(value: unknown): value is Checkpoint {
  if (!isRecord(value) || typeof value['logDir'] !== 'string' || !isRecord(value['runs'])) return false;
  const numbers = [value['ino'], value['size'], value['pending']];
  const last = value['last'];
  return (
    numbers.every(isCount) && (last === null || isCount(last)) && Object.values(value['runs']).every(isMark)
  );
}

function isMark(value: unknown): value is SpoolMark {
  return isRecord(value) && isCount(value['ino']) && isCount(value['offset']);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}
