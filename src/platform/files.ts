/** Small file operations that must not be got wrong: atomic writes, private folders, tolerant reads. */
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { ExitCode, UserError } from '../contract/exit-codes.ts';

/**
 * Replaces a file as a whole: readers see the old content or the new, never a part.
 * `mode` holds whatever the umask. `durable`: also after a power failure. Throws what the file system throws (ENOSPC,
 * EACCES…).
 */
export function writeAtomic(
  path: string,
  content: string | Buffer,
  { mode = 0o600, durable = false } = {},
): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const fd = openSync(temporary, 'w', mode);
    try {
      fchmodSync(fd, mode);
      // Not writeSync: where the disk fills up it writes a part and says so only by its return value.
      writeFileSync(fd, content);
      if (durable) fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

export function writeJson(path: string, value: unknown): void {
  writeAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** The parsed content, or null when the file is missing or not JSON: what it says must be checked by a schema. */
export function readJson(path: string): unknown {
  const text = readText(path);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Names in a folder; none when it cannot be read. */
export function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/**
 * Makes a folder that only this user can enter, in a place where others may write (/tmp).
 * Throws a UserError when somebody else has put a folder or a link there first, or it cannot be made.
 */
export function claimPrivateFolder(path: string): void {
  try {
    makePrivateFolder(path);
  } catch (error) {
    // A file or a link that leads nowhere stands there: told below.
    if (!stands(path)) throw notMade(path, error);
  }
  const found = lstatSync(path);
  const uid = process.getuid?.() ?? found.uid;
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return;
  throw new UserError(
    ExitCode.daemon,
    `${path} is not a folder that only you can enter, so the daemon's socket would not be safe there.`,
    'Remove it, or name another folder in UPKEEP_RUNTIME_DIR.',
  );
}

function stands(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function notMade(path: string, error: unknown): UserError {
  return new UserError(
    ExitCode.daemon,
    `The folder ${path} for the daemon's socket cannot be made: ${errorMessage(error)}`,
    'Name another folder in UPKEEP_RUNTIME_DIR.',
  );
}

/** The code of a Node system error (`ENOENT`…), or null for anything else. */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
