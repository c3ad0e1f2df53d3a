/** The folder of the next run, made beforehand. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { makeBlankFolder, recordedRuns } from '../../src/process/run-folder.ts';
import { SpareFolder } from '../../src/process/spare-folder.ts';

let runs: string;
let spare: SpareFolder;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'upkeep-spare-'));
  onTestFinished(() => rmSync(runs, { recursive: true, force: true }));
  spare = new SpareFolder(join(runs, 'web'));
});

const run = (number: number) => join(runs, 'web', String(number));

it('is as one that is made at its launch, and used once', () => {
  makeBlankFolder(run(1));
  expect(spare.take(run(2))).toBe(false);
  spare.prepare();
  expect(spare.take(run(2))).toBe(true);
  expect(readdirSync(run(2))).toEqual(readdirSync(run(1)));
  expect(statSync(run(2)).mode & 0o777).toBe(0o700);
  expect(spare.take(run(3))).toBe(false);
  expect(existsSync(run(3))).toBe(false);
});

it('is no run', () => {
  makeBlankFolder(run(1));
  spare.prepare();
  expect(recordedRuns(runs, 'web')).toEqual([1]);
});

it('is made anew where an earlier daemon left one half made', () => {
  makeBlankFolder(join(runs, 'web', 'next'));
  writeFileSync(join(runs, 'web', 'next', 'exit'), '1\n');
  rmSync(join(runs, 'web', 'next', 'out'));
  spare.prepare();
  expect(spare.take(run(1))).toBe(true);
  expect(existsSync(join(run(1), 'out'))).toBe(true);
  expect(statSync(join(run(1), 'exit')).size).toBe(512);
});

it('that somebody has removed is none', () => {
  spare.prepare();
  rmSync(runs, { recursive: true });
  expect(spare.take(run(1))).toBe(false);
});
