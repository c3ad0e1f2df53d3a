/** Records and logs that cannot be looked at are not the same as none. */
import { accessSync, constants, statSync } from 'node:fs';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { errorCode } from './files.ts';
import { ownerName } from './ownership.ts';

/** Throws UserError, with the owner's name, for a file or folder that is there and that this user must not read. */
export function refuseStranger(path: string): void {
  try {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    accessSync(path, isFolder ? constants.R_OK | constants.X_OK : constants.R_OK);
  } catch (error) {
    if (errorCode(error) !== 'EACCES') return;
    const uid = uidOf(path);
    if (uid !== null && uid === process.getuid?.())
      throw new UserError(
        ExitCode.daemon,
        `${path} cannot be read: its permissions do not let you, though it is yours.`,
        `chmod -R u+rwX '${path}'`,
      );
    const owner = uid === null ? 'another user' : ownerName(uid);
    throw new UserError(
      ExitCode.daemon,
      `${path} is not yours to read: it belongs to ${owner}.`,
      `Run the command as ${owner}, who started the services.`,
    );
  }
}

function uidOf(path: string): number | null {
  try {
    return statSync(path).uid;
  } catch {
    return null;
  }
}
