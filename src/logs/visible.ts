/**
 * The file that a person reads. It may be removed, emptied, moved or appended to by anybody at any
 * moment: before each append the path is looked at, and the file found there is gone on with. Bytes are
 * read from the spool before that look, so what goes into a file that is removed after it was printed before.
 *
 * Descriptors are open only while there is output, so that a removed log gives its space back at once.
 */
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { foreignFolder, isOurs, ownerName } from '../platform/ownership.ts';
import { reach } from '../platform/reach.ts';
import { type Checkpoint, type CheckpointFile, checkpointWriter } from './checkpoint.ts';
import type { Home } from './home.ts';
import { checkpointFile, indexFile, listFolder, rotatedLog, rotatedNumbers } from './layout.ts';
import { nextStep, rotateFiles } from './rotate.ts';
import { type TimeIndexWriter, timeIndexWriter } from './time-index.ts';

export interface VisibleOptions {
  path: string;
  indexDir: string;
  home: Home;
  /** Bytes; see `nextStep`. */
  maxSize: number;
  /** Rotated files kept. */
  keep: number;
  /** How far it has got: read when opened, kept up to date. */
  checkpoint: Checkpoint;
}

export interface VisibleLog {
  /**
   * Appends what fits of these bytes, printed by `run` and seen at `time` (epoch ms); answers how many.
   * The caller counts them in its spool's offset, and calls `commit` before others are to know of them. Throws what the file system throws;
   * then nothing counts as appended and the same bytes may be given again.
   */
  append(run: number, bytes: Uint8Array, time: number): number;
  /** Saves the checkpoint. */
  commit(): void;
  /** How large it becomes, and how many old ones stay: from the next append on. */
  limit(limits: Pick<VisibleOptions, 'maxSize' | 'keep'>): void;
  /** Closes the files until the next append. */
  rest(): void;
}

const NEWLINE = 10;
const GLUE = Uint8Array.of(NEWLINE);
/** O_NONBLOCK: somebody may have put a FIFO there, and opening or filling it must not stop the daemon. */
const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

interface OpenLog {
  fd: number;
  index: TimeIndexWriter;
  endsLine: boolean;
}

export function openVisibleLog(options: VisibleOptions): VisibleLog {
  const { path, indexDir, home, checkpoint } = options;
  let { maxSize, keep } = options;
  const record: CheckpointFile = checkpointWriter(checkpointFile(indexDir, checkpoint.logDir), home);
  let open: OpenLog | null = null;

  const closeLog = () => {
    if (open === null) return;
    closeSync(open.fd);
    open.index.close();
    open = null;
  };

  /** The log that stands at the path now, in agreement with the checkpoint. */
  const current = (): OpenLog => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (open !== null && found?.ino === checkpoint.ino) {
      settle(open, checkpoint, found.size);
      return open;
    }
    closeLog();
    open = openAt(options);
    return open;
  };

  const rotate = () => {
    // What was appended last is counted first: in a file of another name nobody would take it back.
    record.save(checkpoint);
    closeLog();
    rotateFiles(path, keep);
    reach('rotated');
    Object.assign(checkpoint, { ino: 0, size: 0, pending: 0, last: null });
    record.save(checkpoint);
  };

  const write = (log: OpenLog, run: number, bytes: Uint8Array, time: number) => {
    const glue = !log.endsLine && checkpoint.last !== run ? 1 : 0;
    const start = checkpoint.size;
    checkpoint.pending = glue + bytes.length;
    reach('checkpoint-before');
    record.save(checkpoint);
    reach('checkpoint-written');
    const lines = log.endsLine || glue === 1 || bytes.includes(NEWLINE);
    if (lines || start === 0) log.index.note({ offset: start + glue, time, run });
    if (glue === 1) writeAll(log.fd, GLUE);
    writeAll(log.fd, bytes);
    reach('checkpoint-after');
    checkpoint.size = start + checkpoint.pending;
    checkpoint.pending = 0;
    checkpoint.last = run;
    log.endsLine = bytes[bytes.length - 1] === NEWLINE;
  };

  return {
    append(run, bytes, time) {
      for (;;) {
        const log = current();
        const step = nextStep({ size: checkpoint.size, endsLine: log.endsLine, maxSize }, bytes);
        if (step.rotate) {
          rotate();
          continue;
        }
        write(log, run, bytes.subarray(0, step.length), time);
        return step.length;
      }
    },
    commit: () => record.save(checkpoint),
    limit(limits) {
      ({ maxSize, keep } = limits);
    },
    rest() {
      closeLog();
      record.close();
    },
  };
}

function openAt({ path, indexDir, home, checkpoint }: VisibleOptions): OpenLog {
  home.make(dirname(path));
  home.make(indexDir);
  const fd = openOwn(path);
  try {
    const { ino, size } = fstatSync(fd);
    if (ino !== checkpoint.ino) Object.assign(checkpoint, { ino, size, pending: 0, last: null });
    const cut = size < checkpoint.size;
    const kept = cutPending(fd, checkpoint, size);
    if (kept === 0) dropStrayIndexes(path, indexDir);
    const index = timeIndexWriter(indexFile(indexDir, ino), cut ? 0 : kept);
    return { fd, index, endsLine: endsLine(fd, kept) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/**
 * Not through a link that another user has made, nor into another user's file or folder: the log may be in a place where
 * others can write. A link of the person's own (to another disk, to /dev/null) is followed. Throws.
 */
function openOwn(path: string): number {
  const folder = foreignFolder(dirname(path));
  if (folder !== null) throw new Error(`${dirname(path)} is not to be written to: ${folder}`);
  const link = lstatSync(path, { throwIfNoEntry: false });
  const isOwnLink = link?.isSymbolicLink() === true && isOurs(link);
  const fd = openSync(path, isOwnLink ? FLAGS : FLAGS | constants.O_NOFOLLOW, 0o600);
  const found = fstatSync(fd);
  if (isOurs(found)) return fd;
  closeSync(fd);
  throw new Error(`${path} is not to be written to: it belongs to ${ownerName(found.uid)}`);
}

/**
 * Takes over what somebody else did to the file: cut it, or added to it. Of a file that was cut nothing is
 * known any more: what is left may stand elsewhere in it.
 */
function settle(log: OpenLog, checkpoint: Checkpoint, size: number): void {
  if (size === checkpoint.size && checkpoint.pending === 0) return;
  const before = checkpoint.size;
  const kept = cutPending(log.fd, checkpoint, size);
  if (kept < before) log.index.dropFrom(0);
  log.endsLine = endsLine(log.fd, kept);
}

/** Removes what is there of a chunk that was not known to be whole; answers the size then. */
function cutPending(fd: number, checkpoint: Checkpoint, size: number): number {
  const half = checkpoint.pending > 0 && size > checkpoint.size;
  if (half) ftruncateSync(fd, checkpoint.size);
  else checkpoint.size = size;
  checkpoint.pending = 0;
  return checkpoint.size;
}

function endsLine(fd: number, size: number): boolean {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, size - 1);
  return last[0] === NEWLINE;
}

function writeAll(fd: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written, bytes.length - written);
}

/** Indexes of logs that no longer exist. */
function dropStrayIndexes(visible: string, indexDir: string): void {
  const logs = [visible, ...rotatedNumbers(visible).map((number) => rotatedLog(visible, number))];
  const live = new Set(logs.map((log) => `${statSync(log, { throwIfNoEntry: false })?.ino}.idx`));
  for (const name of listFolder(indexDir)) {
    if (name.endsWith('.idx') && !live.has(name)) rmSync(join(indexDir, name), { force: true });
  }
}
