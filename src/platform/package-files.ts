/** The files that say which packages a service uses: a change of them concerns it, though it loads none of them. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MANIFESTS = ['package.json', 'pyproject.toml', 'requirements.txt', 'Gemfile'];
const LOCKS = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
  'poetry.lock',
  'uv.lock',
  'Pipfile.lock',
  'Gemfile.lock',
];

/** The nearest manifest and the nearest lock files, absolute: those in `cwd`, or else above it within the repository. */
export function packageFiles(cwd: string): string[] {
  return [...nearest(cwd, MANIFESTS), ...nearest(cwd, LOCKS)];
}

function nearest(cwd: string, names: readonly string[]): string[] {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = names.map((name) => join(folder, name)).filter((file) => existsSync(file));
    if (found.length > 0 || folder === dirname(folder) || existsSync(join(folder, '.git'))) return found;
  }
}
