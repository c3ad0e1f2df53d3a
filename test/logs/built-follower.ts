/** The program that keeps one log (follower-of-spools.ts), as a file that plain Node runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';

/** Built before the tests of a file and removed after them; answers how to get its path then. */
export function builtFollower(): () => string {
  let folder = '';
  const file = () => join(folder, 'follower.cjs');
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'upkeep-built-'));
    const entry = fileURLToPath(new URL('follower-of-spools.ts', import.meta.url));
    await build({ entryPoints: [entry], outfile: file(), bundle: true, platform: 'node', format: 'cjs' });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return file;
}
