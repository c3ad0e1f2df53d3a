// Puts a newly built folder in the place of an old one, under the eyes of those who use it.
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Moves each file of `from` into `to`, and removes what is left there of before: at no moment is a file missing that is
 * in both. `last` is moved when all others are there. Both folders are on one file system; `from` is gone afterwards.
 */
export function replaceFolder(from, to, last) {
  const files = filesIn(from).filter((file) => file !== last);
  for (const file of [...files, last]) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    renameSync(join(from, file), join(to, file));
  }
  const known = new Set([...files, last]);
  for (const file of filesIn(to)) if (!known.has(file)) rmSync(join(to, file), { force: true });
  removeEmptyFolders(to);
  rmSync(from, { recursive: true });
}

function removeEmptyFolders(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    removeEmptyFolders(join(folder, entry.name));
    if (readdirSync(join(folder, entry.name)).length === 0) rmdirSync(join(folder, entry.name));
  }
}

/** Relative to the folder. */
function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesIn(join(folder, entry.name)).map((file) => join(entry.name, file))
      : [entry.name],
  );
}
