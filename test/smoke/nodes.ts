/** The Node versions that Upkeep promises to run on, as binaries: from npm, whose packages carry them. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The floor exactly, and the newest of each later line. */
export const NODES = ['18.19.1', '20', '22', '24', '26'];

/** What has many tests runs on these; UPKEEP_TEST_NODES=all: on all of them. */
export const MAIN_NODES =
  process.env['UPKEEP_TEST_NODES'] === 'all'
    ? NODES
    : NODES.filter((name) => ['18.19.1', '22', '26'].includes(name));

const CACHE = fileURLToPath(new URL('../../.cache/nodes', import.meta.url));
const PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

export function nodeBinary(version: string): string {
  return join(CACHE, version, 'node_modules', PACKAGE, 'bin/node');
}

/** Global setup: fetches what is not in the cache. */
export default async function setup(): Promise<void> {
  for (const version of NODES) if (!existsSync(nodeBinary(version))) await fetchNode(version);
}

async function fetchNode(version: string): Promise<void> {
  const prefix = join(CACHE, version);
  mkdirSync(prefix, { recursive: true });
  const options = ['--prefix', prefix, '--no-save', '--no-package-lock', '--ignore-scripts'];
  await promisify(execFile)('npm', ['install', ...options, `${PACKAGE}@${version}`], { cwd: prefix });
}
