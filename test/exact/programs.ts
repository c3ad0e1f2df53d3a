/** Programs by which people start their servers, from npm, once, into `.cache/starters`. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const CACHE = fileURLToPath(new URL('../../.cache/starters', import.meta.url));
/** The newest that run on Node 18. */
const WANTED = ['tsx@4', 'ts-node@10', 'typescript@5', 'concurrently@9', 'pnpm@9', '@yarnpkg/cli-dist@4'];
const PROGRAMS = ['tsx', 'ts-node', 'concurrently', 'pnpm', 'yarn'] as const;
const FETCH_MS = 90_000;

export type Program = (typeof PROGRAMS)[number];

export function hasProgram(name: Program): boolean {
  return existsSync(join(CACHE, 'node_modules/.bin', name));
}

/** Absolute path of its `.bin` entry. */
export function programPath(name: Program): string {
  return join(CACHE, 'node_modules/.bin', name);
}

/** Puts these into a workspace's node_modules, as an installation would. */
export function lendPrograms(workspace: string, names: readonly string[]): void {
  const bin = join(workspace, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  for (const name of names) {
    symlinkSync(join(CACHE, 'node_modules', name), join(workspace, 'node_modules', name));
    const program = join(CACHE, 'node_modules/.bin', name);
    if (existsSync(program)) symlinkSync(program, join(bin, name));
  }
}

/** Global setup: fetches what is not in the cache. Without a registry the tests that need them are skipped. */
export default async function setup(): Promise<void> {
  if (PROGRAMS.every(hasProgram)) return;
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(join(CACHE, 'package.json'), '{ "private": true }\n');
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  try {
    await promisify(execFile)('npm', ['install', ...options, ...WANTED], { cwd: CACHE, timeout: FETCH_MS });
  } catch (error) {
    const why = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? String(error);
    console.warn(`${PROGRAMS.join(', ')} are not all there, tests that need them are skipped: ${why}`);
  }
}

/** PATH in which this Node comes first. */
export function pathWith(node: string): string {
  return `${dirname(node)}:${process.env['PATH']}`;
}
