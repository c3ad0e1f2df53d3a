/** What would be recorded now: this Node, this package, this workspace, and the variables of this terminal that services need. */
import { realpathSync } from 'node:fs';
import type { BootStart } from '../../boot/start.ts';
import { distFile } from '../../client/dist.ts';
import { workspacePaths } from '../../platform/paths.ts';

const KEPT = ['PATH', 'LANG', 'UPKEEP_RUNTIME_DIR'];

export function currentStart(root: string): BootStart {
  const workspace = realpathSync(root);
  const env = KEPT.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    guard: distFile('guard.sh'),
    lock: workspacePaths(workspace).lock,
    node: process.execPath,
    daemon: distFile('daemon.cjs'),
    workspace,
    env: Object.fromEntries(env),
  };
}
