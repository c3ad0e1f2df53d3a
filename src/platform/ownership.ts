/** Whose a file or folder is: what another user has put in our way is neither followed nor written to. */
import { lstatSync, readFileSync, type Stats, statSync } from 'node:fs';

/** Nobody but this user, or root, made it. */
export function isOurs({ uid }: Pick<Stats, 'uid'>): boolean {
  return uid === 0 || uid === (process.getuid?.() ?? uid);
}

/** By name where there is one: passwd(5). */
export function ownerName(uid: number): string {
  const line = users().find((each) => each.split(':')[2] === String(uid));
  return line?.split(':')[0] ?? `the user with the id ${uid}`;
}

function users(): string[] {
  try {
    return readFileSync('/etc/passwd', 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** Why this folder (or the link to it) is not one to write into, in words; null when it is, or is not there. */
export function foreignFolder(path: string): string | null {
  const here = lstatSync(path, { throwIfNoEntry: false });
  if (here === undefined) return null;
  if (!isOurs(here)) return `it belongs to ${ownerName(here.uid)}`;
  const folder = here.isSymbolicLink() ? statSync(path, { throwIfNoEntry: false }) : here;
  if (folder === undefined) return 'it is a link that leads nowhere';
  if (!folder.isDirectory()) return 'it is not a folder';
  return isOurs(folder) ? null : `it leads to a folder of ${ownerName(folder.uid)}`;
}
