/** Named pipes between daemon and shim: fifo(7). */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { errorCode, errorMessage } from '../platform/files.ts';
import { withReserve } from '../platform/reserve.ts';

/** Makes those that are missing, private to this user. Node has no call for it, so one mkfifo(1) makes them all. */
export function makeFifos(paths: string[]): void {
  const missing = paths.filter((path) => !existsSync(path));
  if (missing.length === 0) return;
  try {
    execFileSync('mkfifo', ['-m', '600', ...missing], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const hint =
      errorCode(error) === 'ENOENT'
        ? 'The program mkfifo is not in PATH: it comes with coreutils.'
        : 'Its file system may not hold named pipes; "upkeep doctor" tells.';
    const text = `Named pipes cannot be made: ${errorMessage(error).trim()}`;
    throw Object.assign(new UserError(ExitCode.daemon, text, hint), { cause: error });
  }
}

/** The same for one, while others are attended to. Rejects when it cannot be made. */
export function makeFifo(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const mkfifo = spawn('mkfifo', ['-m', '600', path], { stdio: 'ignore' });
    mkfifo.once('error', reject);
    mkfifo.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`mkfifo: ${code}`))));
  });
}

/** Whether somebody holds the other end. */
export function isHeard(path: string): boolean {
  const fd = openToWrite(path);
  if (fd !== null) closeSync(fd);
  return fd !== null;
}

/** Null when nobody holds the other end (ENXIO). */
function openToWrite(path: string): number | null {
  try {
    return withReserve(() => openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch (error) {
    if (errorCode(error) === 'ENXIO' || errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Opens it to write and keeps it so, before there is anybody who reads. Whether somebody does from then on, `isHeard`
 * tells. Throws what the file system throws.
 */
export function holdFifo(path: string): number {
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } finally {
    closeSync(reader);
  }
}

/** Writes one line; false when nobody holds the other end. */
export function writeFifo(path: string, line: string): boolean {
  const fd = openToWrite(path);
  if (fd === null) return false;
  try {
    writeSync(fd, `${line}\n`);
    return true;
  } finally {
    closeSync(fd);
  }
}

/**
 * Reads lines until the last writer is gone. A FIFO that never had a writer since it was opened gives
 * no end of file, so this may be called before the writer comes. Nothing is lost from now on; it is read after the
 * caller's turn. Returns what stops it.
 */
export function readFifo(path: string, onLine: (line: string) => void, onEnd: () => void): () => void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let stop = () => closeSync(fd);
  const immediate = setImmediate(() => {
    stop = readLines(fd, onLine, onEnd);
  });
  return () => {
    clearImmediate(immediate);
    stop();
  };
}

function readLines(fd: number, onLine: (line: string) => void, onEnd: () => void): () => void {
  const socket = new Socket({ fd, readable: true, writable: false });
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  socket.once('end', onEnd);
  socket.on('error', onEnd);
  return () => {
    socket.removeAllListeners('end');
    socket.removeAllListeners('data');
    socket.destroy();
  };
}
