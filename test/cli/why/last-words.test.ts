import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastWordsOf } from '../../../src/cli/why/last-words.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'upkeep-words-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs whose output is still in their spools. */
function print(run: number, lines: string[]): void {
  const folder = join(root, '.upkeep/runs/web', String(run));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'out'), lines.map((line) => `${line}\n`).join(''));
}

it('finds the last five lines of each run asked for', () => {
  print(1, ['never asked for']);
  print(2, ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  print(3, ['not asked for']);
  print(4, ['x']);
  const words = lastWordsOf({ root, logDir: join(root, 'logs') }, 'web', [2, 4]);
  expect([...words]).toEqual([
    [2, ['c', 'd', 'e', 'f', 'g']],
    [4, ['x']],
  ]);
});

it('finds nothing of a run whose output is not kept', () => {
  print(4, ['x']);
  expect([...lastWordsOf({ root, logDir: join(root, 'logs') }, 'web', [1])]).toEqual([[1, []]]);
  expect([...lastWordsOf({ root, logDir: join(root, 'logs') }, 'none', [1])]).toEqual([[1, []]]);
});
