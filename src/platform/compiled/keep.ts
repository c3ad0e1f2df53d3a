/** Keeps compiled code for the next call: see load.ts. Loaded only when there is something to keep. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { claimPrivateFolder, writeAtomic } from '../files.ts';
import type { Loaded } from './load.ts';

/** Code that was kept longer ago, in ms, goes: mostly it is of another version. What is still used is kept anew. */
const OLD = 30 * 24 * 60 * 60_000;

/** Best at the end of a run: V8 adds what it compiled on the way. */
export function keepCompiled({ script, file }: NonNullable<Loaded<unknown>['unkept']>): void {
  const folder = dirname(file);
  try {
    claimPrivateFolder(dirname(folder));
    claimPrivateFolder(folder);
    removeOld(folder);
    // V8 checks only the head of it: after a power failure the name must not stand for half of it.
    writeAtomic(file, script.createCachedData(), { durable: true });
  } catch {
    // A full disk, somebody else's folder: the next call compiles again.
  }
}

function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - written > OLD) rmSync(path, { force: true });
  }
}
