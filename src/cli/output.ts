/**
 * Printing without Node's streams: the first use of `process.stdout` loads net and stream, 5 ms, a
 * sixth of what `node` itself takes. For commands that print once and end.
 */
import { fstatSync, writeSync } from 'node:fs';
import { ExitCode } from '../contract/exit-codes.ts';
import { errorCode, errorMessage } from '../platform/files.ts';

const STDOUT = 1;
/** The memory devices (/dev/null, /dev/full…), see Linux's Documentation/admin-guide/devices.txt. */
const MEMORY_DEVICES = 1;

/**
 * Ends the process when nobody can read: quietly when the reader has seen enough (`| head`), else with the reason.
 * False when a part is still to be written, and the process has to live on until it is.
 */
export function printNow(text: string): boolean {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(STDOUT, rest));
    } catch (error) {
      // A pipe that its owner made non-blocking, and that is full: leave the rest to Node's stream.
      if (errorCode(error) === 'EAGAIN') {
        process.stdout.write(rest);
        return false;
      }
      outputFailed(error);
    }
  }
  return true;
}

export function outputFailed(error: unknown): never {
  if (errorCode(error) === 'EPIPE') process.exit(ExitCode.ok);
  process.stderr.write(`upkeep: standard output cannot be written: ${errorMessage(error)}\n`);
  process.exit(ExitCode.failed);
}

/** Whether standard output is a terminal. Most often the kind of file tells, and no stream is needed to ask. */
export function isTerminal(): boolean {
  const { rdev, isCharacterDevice } = stat();
  if (!isCharacterDevice || (process.platform === 'linux' && rdev >> 8 === MEMORY_DEVICES)) return false;
  return process.stdout.isTTY;
}

function stat(): { rdev: number; isCharacterDevice: boolean } {
  try {
    const found = fstatSync(STDOUT);
    return { rdev: found.rdev, isCharacterDevice: found.isCharacterDevice() };
  } catch {
    // Closed: nobody reads.
    return { rdev: 0, isCharacterDevice: false };
  }
}
