/** A file that a person has: looked at before anything is written, and then replaced as a whole. */
import {
  chmodSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import { errorMessage } from '../../platform/files.ts';

/** Its text; null: there is none. Throws UserError for one that cannot be changed. */
export function textToChange(root: string, name: string): string | null {
  const path = join(root, name);
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return null;
  const target = statSync(path, { throwIfNoEntry: false });
  if (target === undefined) throw unusable(name, `is a link to ${readlinkSync(path)}, which does not exist`);
  if (!target.isFile()) throw unusable(name, target.isDirectory() ? 'is a folder' : 'is not a file');
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unusable(name, `cannot be read: ${errorMessage(error)}`);
  }
}

function unusable(name: string, why: string): UserError {
  return new UserError(
    ExitCode.config,
    `${name} ${why}, so nothing can be added to it.`,
    'Mend it or move it away, and run this again. Nothing was written.',
  );
}

/** Whole or not at all, with the mode of the old file; a link stays a link. */
export function replaceFile(path: string, text: string): void {
  const old = lstatSync(path, { throwIfNoEntry: false });
  const target = old?.isSymbolicLink() ? realpathSync(path) : path;
  const temporary = `${target}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  // Not by the mode of writing: the umask would take bits away.
  if (old !== undefined) chmodSync(temporary, statSync(target).mode);
  renameSync(temporary, target);
}
