/**
 * Yarn's Plug'n'Play (`.pnp.cjs`) takes the place of `Module._resolveFilename`. Node hands that the conditions of
 * `require` only while hooks are registered, `module-sync` among them: then it resolves packages otherwise than without
 * us. Its versions that do not know conditions throw.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { flags } from './flags.ts';
import { Module } from './module-class.ts';

const PRELOADED = /(\S*\.pnp\.c?js)\b/;

/** It is loaded, or is about to be. */
export function isPlugAndPlay(): boolean {
  return 'pnp' in process.versions || PRELOADED.test(flags());
}

/** Whether hooks may be registered; where that cannot be told, they may not. */
export function standsHooks(): boolean {
  if ('pnp' in process.versions) return knowsConditions(String(Module._resolveFilename));
  const [, path] = PRELOADED.exec(flags()) ?? [];
  try {
    return path !== undefined && knowsConditions(readFileSync(resolve(path.replace(/^"/, '')), 'utf8'));
  } catch {
    return false;
  }
}

/** By what it says about an option of `require` that it does not take. */
function knowsConditions(text: string): boolean {
  return /\.delete\(\s*[`'"]conditions[`'"]\s*\)/.test(text);
}

/** What Plug'n'Play looks for by itself. */
export function plainConditions(conditions: readonly string[]): string[] {
  return conditions.filter((condition) => condition !== 'module-sync');
}
