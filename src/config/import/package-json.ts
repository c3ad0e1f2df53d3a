/** The parts of a package.json that say how a project is run. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJson } from '../read/json.ts';
import { fields, readIfThere, text } from './draft.ts';

export interface Manifest {
  name: string | null;
  type: 'module' | 'commonjs';
  scripts: Record<string, string>;
  workspaces: string[];
  /** The file that `node .` runs. */
  main: string | null;
  dependencies: Set<string>;
}

/** Of a folder of the project; null when there is none. Throws UserError when it cannot be parsed. */
export function readManifest(root: string, folder = ''): Manifest | null {
  const shown = join(folder, 'package.json');
  const source = readIfThere(root, shown);
  if (source === null) return null;
  const { name, type, scripts, workspaces, main, dependencies, devDependencies } = fields(
    parsed(source, shown),
  );
  const patterns = Array.isArray(workspaces) ? workspaces : fields(workspaces).packages;
  return {
    name: text(name),
    type: type === 'module' ? 'module' : 'commonjs',
    scripts: Object.fromEntries(
      Object.entries(fields(scripts)).filter((entry): entry is [string, string] => text(entry[1]) !== null),
    ),
    workspaces: Array.isArray(patterns) ? patterns.filter((one): one is string => text(one) !== null) : [],
    main: text(main),
    dependencies: new Set([...Object.keys(fields(dependencies)), ...Object.keys(fields(devDependencies))]),
  };
}

function parsed(source: string, shown: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    // It knows a byte order mark, and on which line a mistake is.
    return readJson({ file: shown, shown, text: source }).value;
  }
}

const LOCKS = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
] as const;

/** The command that adds a package for development. pnpm and Yarn 1 want to be told that the root of several is meant. */
export function addCommand(root: string, name: string): string {
  const hasPackages = existsSync(join(root, 'pnpm-workspace.yaml')) || readManifest(root)?.workspaces.length;
  switch (packageManager(root)) {
    case 'pnpm':
      return `pnpm add ${hasPackages ? '-Dw' : '-D'} ${name}`;
    case 'yarn':
      return `yarn add -D ${hasPackages && isYarn1(root) ? '-W ' : ''}${name}`;
    case 'bun':
      return `bun add -d ${name}`;
    default:
      return `npm install --save-dev ${name}`;
  }
}

/** Later ones know no -W. */
function isYarn1(root: string): boolean {
  return readIfThere(root, 'yarn.lock')?.includes('# yarn lockfile v1') === true;
}

/** By the lock file of the folder or the nearest one above it; npm when there is none. */
export function packageManager(folder: string): string {
  for (let current = folder; ; current = dirname(current)) {
    const found = LOCKS.find(([file]) => existsSync(join(current, file)));
    if (found !== undefined) return found[1];
    if (dirname(current) === current) return 'npm';
  }
}
