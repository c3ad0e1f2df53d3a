/** The parts of a package.json that say how a project is run. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fields, readIfThere, text } from './draft.ts';

export interface Manifest {
  name: string | null;
  type: 'module' | 'commonjs';
  scripts: Record<string, string>;
  workspaces: string[];
  dependencies: Set<string>;
}

/** null when there is none or it cannot be parsed. */
export function readManifest(folder: string): Manifest | null {
  const source = readIfThere(folder, 'package.json');
  if (source === null) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(source);
  } catch {
    return null;
  }
  const { name, type, scripts, workspaces, dependencies, devDependencies } = fields(parsed);
  const patterns = Array.isArray(workspaces) ? workspaces : fields(workspaces).packages;
  return {
    name: text(name),
    type: type === 'module' ? 'module' : 'commonjs',
    scripts: Object.fromEntries(
      Object.entries(fields(scripts)).filter((entry): entry is [string, string] => text(entry[1]) !== null),
    ),
    workspaces: Array.isArray(patterns) ? patterns.filter((one): one is string => text(one) !== null) : [],
    dependencies: new Set([...Object.keys(fields(dependencies)), ...Object.keys(fields(devDependencies))]),
  };
}

const LOCKS = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
] as const;

/** By the lock file of the folder or the nearest one above it; npm when there is none. */
export function packageManager(folder: string): string {
  for (let current = folder; ; current = dirname(current)) {
    const found = LOCKS.find(([file]) => existsSync(join(current, file)));
    if (found !== undefined) return found[1];
    if (dirname(current) === current) return 'npm';
  }
}
