import { appendFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readJournal } from '../../../src/api/journal.ts';
import { followJournal } from '../../../src/cli/journal/follow.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-journal-'));
  path = join(folder, 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const line = (at: number) => `${JSON.stringify({ at, kind: 'daemon-stopped', pid: 1 })}\n`;
const write = (at: number) => appendFileSync(path, line(at));

function following(): { told: number[]; look(): void } {
  const told: number[] = [];
  const follower = followJournal(path, (entries) => told.push(...entries.map(({ at }) => at)));
  return { told, look: () => follower.look() };
}

it('tells each new entry once, from the end of what was there', () => {
  write(1);
  const { told, look } = following();
  look();
  write(2);
  write(3);
  look();
  look();
  expect(told).toEqual([2, 3]);
});

it('begins with a journal that is not there yet', () => {
  const { told, look } = following();
  write(1);
  look();
  expect(told).toEqual([1]);
});

it('waits for the end of a line', () => {
  write(1);
  const { told, look } = following();
  const text = line(2);
  appendFileSync(path, text.slice(0, 10));
  look();
  expect(told).toEqual([]);
  appendFileSync(path, text.slice(10));
  look();
  expect(told).toEqual([2]);
});

it('follows through rotation, and reading joins both files', () => {
  write(1);
  const { told, look } = following();
  write(2);
  renameSync(path, `${path}.1`);
  write(3);
  look();
  expect(told).toEqual([2, 3]);
  expect(readJournal(path).map(({ at }) => at)).toEqual([1, 2, 3]);
});

it('leaves out what is no entry', () => {
  appendFileSync(path, `{"at":1\n\nnull\n7\n${line(5)}`);
  expect(readJournal(path).map(({ at }) => at)).toEqual([5]);
});
