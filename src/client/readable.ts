/** Records and logs that cannot be looked at are not the same as none. */
import { accessSync, constants, statSync } from 'node:fs';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { errorCode, readText } from '../platform/files.ts';

/** Throws UserError, with the owner's name, for a file or folder that is there and that this user must not read. */
export function refuseStranger(path: string): void {
  try {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    accessSync(path, isFolder ? constants.R_OK | constants.X_OK : constants.R_OK);
  } catch (error) {
    if (errorCode(error) !== 'EACCES') return;
    const owner = ownerOf(path);
    throw new UserError(
      ExitCode.daemon,
      `${path} is not yours to read: it belongs to ${owner}.`,
      `Run the command as ${owner}, who started the services.`,
    );
  }
}

/** By name where there is one: passwd(5). */
function ownerOf(path: string): string {
  const uid = uidOf(path);
  if (uid === null) return 'another user';
  const line = readText('/etc/passwd')
    ?.split('\n')
    .find((each) => each.split(':')[2] === String(uid));
  return line?.split(':')[0] ?? `the user with the id ${uid}`;
}

function uidOf(path: string): number | null {
  try {
    return statSync(path).uid;
  } catch {
    return null;
  }
}
