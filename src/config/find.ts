/**
 * Where the workspace's configuration is. On the CLI's fast path: node builtins only.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** In the order in which they are looked for. */
export const CONFIG_EXTENSIONS = ['ts', 'mts', 'js', 'mjs', 'cjs', 'json', 'yaml', 'yml', 'toml'] as const;

export interface FoundConfig {
  /** Absolute path of the workspace folder. */
  root: string;
  /** Absolute path of the file. */
  file: string;
}

/**
 * Walks up from `cwd`. The nearest `upkeep.config.*` or `upkeep` key in a package.json wins; a bare
 * Procfile counts only when there is none of these up to the root of the file system, so that a
 * package's Procfile does not hide the configuration of the repository around it.
 */
export function findConfigFile(cwd: string): FoundConfig | null {
  let procfile: FoundConfig | null = null;
  for (const root of ancestors(resolve(cwd))) {
    const [name] = configsIn(root);
    if (name !== undefined) return { root, file: join(root, name) };
    if (procfile === null && existsSync(join(root, 'Procfile'))) {
      procfile = { root, file: join(root, 'Procfile') };
    }
  }
  return procfile;
}

/** Every file of this folder that declares a configuration; more than one is a mistake that the loader reports. */
export function explicitConfigs(folder: string): string[] {
  return [...configsIn(folder)].map((name) => join(folder, name));
}

/** One by one: whoever needs only the first does not have package.json read. */
function* configsIn(folder: string): Generator<string> {
  const names = namesIn(folder);
  for (const extension of CONFIG_EXTENSIONS) {
    if (names.has(`upkeep.config.${extension}`)) yield `upkeep.config.${extension}`;
  }
  if (names.has('package.json') && hasUpkeepKey(join(folder, 'package.json'))) yield 'package.json';
}

function* ancestors(folder: string): Generator<string> {
  for (let current = folder; ; current = dirname(current)) {
    yield current;
    if (dirname(current) === current) return;
  }
}

function namesIn(folder: string): Set<string> {
  try {
    return new Set(readdirSync(folder));
  } catch {
    return new Set();
  }
}

/** A package.json that cannot be parsed counts when it looks as if it had the key: the loader then says what is wrong. */
function hasUpkeepKey(file: string): boolean {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    // Whoever may not read it is told so, and not that there is none.
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
  if (!text.includes('"upkeep"')) return false;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && Object.hasOwn(parsed, 'upkeep');
  } catch {
    // With a text behind it, it is a dependency.
    return /"upkeep"\s*:(?!\s*")/.test(text);
  }
}
