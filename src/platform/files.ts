/** Small file operations that must not be got wrong: atomic writes, private folders, tolerant reads. */
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { foreignFolder, ownerName } from './ownership.ts';
import { withReserve } from './reserve.ts';

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
    withReserve(() => {
      const fd = createNew(temporary);
      try {
        fchmodSync(fd, mode);
        // Not writeSync: where the disk fills up it writes a part and says so only by its return value.
        writeFileSync(fd, content);
        if (durable) fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
    });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Where another process of this number was cut short, or somebody has put a link, that goes first: nothing is written through it. */
function createNew(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    rmSync(path, { force: true });
    return openSync(path, 'wx', 0o600);
  }
}

/** `indent`: 0 for what is written often, and read by programs. */
export function writeJson(path: string, value: unknown, indent = 2): void {
  writeAtomic(path, `${JSON.stringify(value, null, indent)}\n`);
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

/** Null for what is not a file, too: a named pipe in its place would be waited for. */
export function readText(path: string): string | null {
  try {
    return withReserve(() => readRegular(path));
  } catch {
    return null;
  }
}

function readRegular(path: string): string | null {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return fstatSync(fd).isFile() ? readFileSync(fd, 'utf8') : null;
  } finally {
    closeSync(fd);
  }
}

/** Names in a folder; none when it cannot be read. */
export function listFolder(path: string): string[] {
  try {
    return withReserve(() => readdirSync(path));
  } catch {
    return [];
  }
}

export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/**
 * Makes `.upkeep`, or sees to it that nobody else can enter the one that is there. Throws a UserError when it is another
 * user's, is a link that another user made, or others may have put something into it.
 */
export function claimOwnFolder(path: string): void {
  makePrivateFolder(path);
  refuseForeignFolder(path);
  const { mode } = statSync(path);
  if ((mode & 0o022) !== 0)
    throw new UserError(
      ExitCode.daemon,
      `Others can write to ${path}, so what is in it may not be yours.`,
      `Look what is in it, then: chmod 700 ${path}`,
    );
  // Root's may be passed through, to the kit: root's services may become other users.
  const allowed = process.getuid?.() === 0 ? 0o711 : 0o700;
  if ((mode & 0o777 & ~allowed) !== 0) chmodSync(path, mode & allowed);
}

/** Throws a UserError, with the owner's name, for a folder that is there and another user's: nothing of ours belongs there. */
export function refuseForeignFolder(path: string): void {
  const why = foreignFolder(path);
  if (why === null) return;
  throw new UserError(
    ExitCode.daemon,
    `${path} is not yours: ${why}. Nothing is written there.`,
    'Run the command as that user; or remove it, if it should not be there.',
  );
}

/**
 * Makes a folder that only this user can enter, in a place where others may write (/tmp).
 * Throws a UserError when somebody else has put a folder or a link there first, or it cannot be made.
 */
export function claimPrivateFolder(path: string): void {
  makeOrFind(path);
  // A daemon that ends removes what it leaves empty, maybe in this moment.
  if (!stands(path)) makeOrFind(path);
  const found = lstatSync(path);
  const uid = process.getuid?.() ?? found.uid;
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return;
  const owner = found.uid === uid ? '' : ` It belongs to ${ownerName(found.uid)}.`;
  throw new UserError(
    ExitCode.daemon,
    `${path} is not a folder that only you can enter, so the daemon's socket would not be safe there.${owner}`,
    'Remove it, or name another folder in UPKEEP_RUNTIME_DIR.',
  );
}

function makeOrFind(path: string): void {
  try {
    makePrivateFolder(path);
  } catch (error) {
    // A file or a link that leads nowhere stands there: that is told by who looks at it.
    if (!stands(path)) throw notMade(path, error);
  }
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
