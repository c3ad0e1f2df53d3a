// What the figures were taken on.
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { network } from './isolation.mjs';

export function machine({ bench, root }) {
  const version = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
  return {
    at: new Date().toISOString(),
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    upkeep: version(root),
    pm2: version(join(bench, 'node_modules/pm2')),
    network: network(),
    /** Over one minute, before the first measure: what else the machine was doing. */
    loadBefore: Number(loadavg()[0].toFixed(2)),
  };
}
