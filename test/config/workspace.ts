import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, onTestFinished } from 'vitest';
import type { UserError } from '../../src/contract/exit-codes.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** A folder with these files, removed after the test. */
export function workspace(files: Record<string, string> = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep config ü ')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

/** The error that a person sees; fails when there is none, or one that is a bug. */
export async function userError(action: () => unknown): Promise<UserError> {
  try {
    await action();
  } catch (error) {
    // By name: a bundle has a class of its own.
    if (error instanceof Error && error.name === 'UserError') return error as UserError;
    throw error;
  }
  throw new Error('expected a UserError, but nothing was thrown');
}

/**
 * A module as the CLI has it: bundled as CommonJS. Vitest puts its own `import()` into sources,
 * which knows neither queries nor how Node tells CommonJS from ES modules.
 */
async function bundled<T>(source: string): Promise<T> {
  const name = `${source.replaceAll('/', '-')}-${process.pid}.cjs`;
  const outfile = join(repository, 'node_modules', '.cache', 'upkeep-test', name);
  await build({
    entryPoints: [join(repository, source)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node18',
    format: 'cjs',
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    external: ['jiti'],
  });
  afterAll(() => rmSync(outfile, { force: true }));
  return createRequire(import.meta.url)(outfile) as T;
}

export const bundledConfig = () => bundled<typeof import('../../src/config/index.ts')>('src/config/index.ts');
export const bundledInit = () =>
  bundled<typeof import('../../src/config/import/plan.ts')>('src/config/import/plan.ts');
