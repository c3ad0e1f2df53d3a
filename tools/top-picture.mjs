// Draws docs/top.svg from a real run: node tools/top-picture.mjs
// A copy of examples/tooloo is started and shown in tmux; one of its servers is killed, the log of another is read.
// The ports of the example have to be free. Only the name of the temporary folder is ours.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJiti } from 'jiti';
import { copyExample, ROOT } from './example-copy.mjs';

const { screenOf, svgOf } = await createJiti(import.meta.url).import('./terminal-svg.ts');

const CLI = join(ROOT, 'dist/upkeep.cjs');
const COLUMNS = 130;
const ROWS = 24;
const PATIENCE = 60_000;

const { base, workspace, env } = copyExample();
env.LANG = 'C.UTF-8';
const socket = join(base, 'tmux.sock');

try {
  upkeep('start');
  tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'main', '-x', COLUMNS, '-y', ROWS, '-c', workspace);
  tmux('send-keys', '-t', 'main', `exec '${process.execPath}' '${CLI}' top`, 'Enter');
  until(() => screen().includes('11 of 11 ready'));
  const cup = JSON.parse(upkeep('status', '--json')).services.find(({ name }) => name === 'cup-server');
  process.kill(cup.pid, 'SIGKILL');
  until(() => /cup-server run 2 ready/.test(screen()));
  tmux('send-keys', '-t', 'main', 'a', 't');
  until(() => screen().includes('all services'));
  // Its place is at the right margin, and stays there.
  const shown = screen('-e').replaceAll(base, '~'.padStart(base.length)).replaceAll('\n', '\r\n');
  const picture = svgOf(screenOf(shown), COLUMNS, 'upkeep top');
  writeFileSync(join(ROOT, 'docs/top.svg'), picture);
} finally {
  try {
    tmux('kill-server');
  } catch {
    // It was not reached.
  }
  upkeep('stop');
  rmSync(base, { recursive: true, force: true });
}

function upkeep(...words) {
  return execFileSync(process.execPath, [CLI, ...words], { cwd: workspace, env, encoding: 'utf8' });
}

function tmux(...words) {
  return execFileSync('tmux', ['-S', socket, ...words.map(String)], { env, encoding: 'utf8' });
}

function screen(...how) {
  return tmux('capture-pane', '-p', ...how, '-t', 'main');
}

function until(holds) {
  const deadline = Date.now() + PATIENCE;
  while (!holds()) if (Date.now() > deadline) throw new Error(`waited in vain; the screen:\n${screen()}`);
}
