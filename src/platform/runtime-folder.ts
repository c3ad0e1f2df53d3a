/** The folder outside of the workspaces that only this user can enter. */
import { isAbsolute } from 'node:path';
import { ExitCode, UserError } from '../contract/exit-codes.ts';

/**
 * The folder of this user's sockets. Not XDG_RUNTIME_DIR: it is emptied when the user logs out,
 * and the daemon lives on. Short, since a unix socket's path is limited to 107 bytes (unix(7)).
 * Throws UserError when UPKEEP_RUNTIME_DIR is no absolute path: each terminal would mean another folder by it.
 */
export function runtimeFolder(): string {
  const folder = process.env['UPKEEP_RUNTIME_DIR'] ?? `/tmp/upkeep-${process.getuid?.() ?? 0}`;
  if (isAbsolute(folder)) return folder;
  throw new UserError(
    ExitCode.daemon,
    `UPKEEP_RUNTIME_DIR is ${folder === '' ? 'empty' : `"${folder}"`}, and not an absolute path.`,
    'Give it the full path of a short folder that only you can enter, or unset it.',
  );
}
