/** Files of the package that are loaded or run only when they are needed. */
import { basename, dirname, join } from 'node:path';
import type { ResolvedConfig } from '../contract/config.ts';
import { type Loaded, loadCompiled } from '../platform/compiled/load.ts';
import { printedConfig } from '../platform/printed-config.ts';

type ConfigLoader = typeof import('../config/index.ts');

const folder = /^(commands|lazy)$/.test(basename(__dirname)) ? dirname(__dirname) : __dirname;

export function distFile(name: string): string {
  return join(folder, name);
}

/** The configuration loader: its schema library costs more to load than everything else in the CLI. */
function configLoader(): ConfigLoader {
  loader ??= loadedLoader();
  return loader;
}

/** The configuration as it is written now. Throws UserError. */
export function currentConfig(root: string): Promise<ResolvedConfig> {
  const { loadConfig, mayBeStale } = configLoader();
  return mayBeStale() ? printedConfig(distFile('print-config.cjs'), root) : loadConfig(root);
}

let loader: ConfigLoader | undefined;

function loadedLoader(): ConfigLoader {
  const path = distFile('config-loader.cjs');
  const loaded = loadCompiled<ConfigLoader>(path);
  if (loaded?.unkept) keepAtExit(loaded.unkept);
  return loaded?.exports ?? (require(path) as ConfigLoader);
}

/** Then V8 has compiled what the command needed of it, and nobody waits any more. */
function keepAtExit(unkept: NonNullable<Loaded<unknown>['unkept']>): void {
  process.once('exit', () => {
    const { keepCompiled } = require(
      distFile('lazy/keep.cjs'),
    ) as typeof import('../platform/compiled/keep.ts');
    keepCompiled(unkept);
  });
}
