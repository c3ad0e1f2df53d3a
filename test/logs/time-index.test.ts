import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readTimeIndex, timeIndexWriter } from '../../src/logs/time-index.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-index-'));
  mkdirSync(join(folder, 'own'));
  path = join(folder, 'own', '7.idx');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entries = () => {
  const index = readTimeIndex(path);
  return Array.from({ length: index.count }, (_, number) => index.entry(number));
};

it('tells when and by which run a byte was printed', () => {
  const writer = timeIndexWriter(path, 0);
  writer.note({ offset: 0, time: 1_700_000_000_000, run: 1 });
  writer.note({ offset: 100, time: 1_700_000_000_060, run: 1 });
  writer.close();
  const index = readTimeIndex(path);
  expect(index.at(99)).toEqual({ offset: 0, time: 1_700_000_000_000, run: 1 });
  expect(index.at(100)).toEqual({ offset: 100, time: 1_700_000_000_060, run: 1 });
});

it('records at most each 50 ms, but each change of run and a clock set back', () => {
  const writer = timeIndexWriter(path, 0);
  writer.note({ offset: 0, time: 1000, run: 1 });
  writer.note({ offset: 10, time: 1049, run: 1 });
  writer.note({ offset: 20, time: 1049, run: 2 });
  writer.note({ offset: 30, time: 500, run: 2 });
  writer.close();
  expect(entries().map((entry) => entry.offset)).toEqual([0, 20, 30]);
});

it('forgets what is beyond the end of its log, and goes on behind a half-written entry', () => {
  const first = timeIndexWriter(path, 0);
  for (let number = 0; number < 10; number++) first.note({ offset: number * 10, time: number * 100, run: 1 });
  first.close();
  appendFileSync(path, 'half');
  const second = timeIndexWriter(path, 50);
  second.note({ offset: 50, time: 5000, run: 2 });
  second.close();
  expect(entries().map((entry) => entry.offset)).toEqual([0, 10, 20, 30, 40, 50]);
});

it('knows nothing of what came before its first entry, or without a file', () => {
  expect(readTimeIndex(path).at(5)).toBeNull();
  const writer = timeIndexWriter(path, 10);
  writer.note({ offset: 10, time: 1, run: 1 });
  writer.close();
  expect(readTimeIndex(path).at(9)).toBeNull();
});
