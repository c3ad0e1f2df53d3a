/** Once before the black-box tests: builds the bundle when a source is newer, clears what killed tests left. */
import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sweepAbandoned } from './sweep.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export default async function setup(): Promise<void> {
  await sweepAbandoned();
  if (process.env.UPKEEP_TEST_CLI !== undefined) return;
  const sources = Math.max(
    ...['src', 'dashboard', 'tools/build.mjs'].map((path) => newest(join(ROOT, path))),
  );
  if (sources < newest(join(ROOT, 'dist/upkeep.cjs'))) return;
  try {
    await promisify(execFile)(process.execPath, [join(ROOT, 'tools/build.mjs')], { cwd: ROOT });
  } catch (error) {
    throw new Error(`the build failed: ${(error as { stderr?: string }).stderr ?? error}`);
  }
}

/** Time of the last change of a file, or in a folder, in epoch ms; 0 when there is none. */
function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat?.mtimeMs ?? 0;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
