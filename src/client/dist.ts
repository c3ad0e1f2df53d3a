/** Files of the package that are loaded or run only when they are needed. */
import { basename, dirname, join } from 'node:path';

const folder = /^(commands|lazy)$/.test(basename(__dirname)) ? dirname(__dirname) : __dirname;

export function distFile(name: string): string {
  return join(folder, name);
}

/** The configuration loader: its schema library costs more to load than everything else in the CLI. */
export function configLoader(): typeof import('../config/index.ts') {
  return require(distFile('config-loader.cjs'));
}
