import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastWordsOf } from '../../src/api/last-words.ts';

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

it('finds the last eight lines of each run asked for, or the error among its last', () => {
  print(1, ['never asked for']);
  print(2, [...'abcdefghij']);
  print(5, ['before', 'TypeError: no', '    at x', ...'abcdefgh']);
  print(3, ['not asked for']);
  print(4, ['x']);
  const words = lastWordsOf({ root, logDir: join(root, 'logs') }, 'web', [2, 4, 5]);
  expect([...words]).toEqual([
    [2, [...'cdefghij']],
    [4, ['x']],
    [5, ['TypeError: no', '    at x', ...'abcdef']],
  ]);
});

it('finds nothing of a run whose output is not kept', () => {
  print(4, ['x']);
  expect([...lastWordsOf({ root, logDir: join(root, 'logs') }, 'web', [1])]).toEqual([[1, []]]);
  expect([...lastWordsOf({ root, logDir: join(root, 'logs') }, 'none', [1])]).toEqual([[1, []]]);
});
