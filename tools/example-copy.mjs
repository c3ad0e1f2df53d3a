/** A copy of examples/tooloo in a temporary folder, for pictures of real runs. */
import { cpSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** `base`: the folder to remove afterwards; `env`: for the commands that are shown, with colours. */
export function copyExample() {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep-picture-')));
  const workspace = join(base, 'tooloo');
  const env = { ...process.env, UPKEEP_RUNTIME_DIR: join(base, 'run') };
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'CI', 'TMUX']) delete env[name];
  const owned = /^(?:node_modules|\.upkeep|\.server-logs|\.server-daemon-state\.json)$/;
  cpSync(join(ROOT, 'examples/tooloo'), workspace, {
    recursive: true,
    filter: (path) => !owned.test(path.split('/').pop()),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(workspace, 'node_modules'));
  return { base, workspace, env };
}
