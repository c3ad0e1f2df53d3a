import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FileQuestion, staleFiles } from '../../../src/cli/clean/stale-files.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep-stale-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  return file;
}

function stale(question: Partial<FileQuestion> = {}): string[] {
  const services = new Set(['web']);
  const usual = { root, logDir: join(root, 'logs'), services, daemonLives: false, lives: () => false };
  return staleFiles({ ...usual, ...question })
    .map(({ path }) => relative(root, path))
    .sort();
}

it('nothing in a workspace that never ran', () => {
  expect(stale()).toEqual([]);
});

it('what belonged to services that are gone, unless nobody knows which those are', () => {
  put('.upkeep/runs/web/1/out');
  put('.upkeep/runs/gone/1/out');
  put('.upkeep/shims/gone/cmd');
  put('.upkeep/logs/gone/checkpoint');
  put('.upkeep/logs/gone/1.idx');
  expect(stale()).toEqual(['.upkeep/logs/gone', '.upkeep/runs/gone', '.upkeep/shims/gone']);
  expect(stale({ daemonLives: true })).toEqual([
    '.upkeep/logs/gone',
    '.upkeep/runs/gone',
    '.upkeep/shims/gone',
  ]);
  expect(stale({ services: null })).toEqual(['.upkeep/logs/gone/1.idx']);
});

it('the index of a log that can still be read is kept', () => {
  const log = put('logs/gone.log');
  put(`.upkeep/logs/gone/${statSync(log).ino}.idx`);
  const rotated = put('logs/web.log.1');
  put(`.upkeep/logs/web/${statSync(rotated).ino}.idx`);
  put('.upkeep/logs/web/checkpoint');
  put('.upkeep/logs/web/1.idx');
  expect(stale()).toEqual(['.upkeep/logs/web/1.idx']);
  expect(stale({ daemonLives: true })).toEqual([]);
});

it('runs beyond the last twenty, when no daemon sees to them', () => {
  for (let run = 1; run <= 22; run++) put(`.upkeep/runs/web/${run}/out`);
  expect(stale()).toEqual(['.upkeep/runs/web/1', '.upkeep/runs/web/2']);
  expect(stale({ daemonLives: true })).toEqual([]);
});

it('a dead daemon’s record, never a living one’s', () => {
  put('.upkeep/daemon.json');
  put('.upkeep/journal.jsonl');
  put('.upkeep/lock');
  expect(stale()).toEqual(['.upkeep/daemon.json']);
  expect(stale({ daemonLives: true })).toEqual([]);
});

it('never a file that a record names as its socket but that is none', () => {
  const precious = put('precious.txt');
  writeFileSync(put('.upkeep/daemon.json'), JSON.stringify({ socket: precious }));
  expect(stale()).toEqual(['.upkeep/daemon.json']);
});

it('what a writer that is gone did not finish', () => {
  put('.upkeep/snapshot.json.123.tmp');
  put('.upkeep/usage.json.456.tmp');
  put('.server-daemon-state.json.123.tmp');
  put('mine.123.tmp');
  expect(stale({ lives: (pid) => pid === 456 })).toEqual([
    '.server-daemon-state.json.123.tmp',
    '.upkeep/snapshot.json.123.tmp',
  ]);
});
