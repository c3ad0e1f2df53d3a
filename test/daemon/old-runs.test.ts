/** Which runs are kept on disk. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forgetOldRuns } from '../../src/daemon/old-runs.ts';
import { type WorkspacePaths, workspacePaths } from '../../src/platform/paths.ts';
import { recordedRuns, runFolder } from '../../src/process/run-folder.ts';

let root: string;
let paths: WorkspacePaths;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'upkeep-old-runs-'));
  paths = workspacePaths(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs 1 to `last`; a spool lies in those that have printed what is not copied yet. */
function runs(last: number, isUnread: (run: number) => boolean): void {
  for (let run = 1; run <= last; run++) {
    const folder = runFolder(paths.runs, 'web', run);
    mkdirSync(folder.path, { recursive: true });
    if (isUnread(run)) writeFileSync(folder.spool, 'its last words\n');
  }
}

const left = () => recordedRuns(paths.runs, 'web');

it('the last twenty, and those that live', () => {
  runs(30, () => false);
  forgetOldRuns(paths, 'web', [2, 30]);
  expect(left()).toEqual([2, ...Array.from({ length: 20 }, (_, index) => index + 11)]);
});

it('those whose last words are not in the log yet', () => {
  runs(30, (run) => run === 3);
  forgetOldRuns(paths, 'web', []);
  expect(left()[0]).toBe(3);
  expect(left()).toHaveLength(21);
});

it('of those no more than two hundred', () => {
  runs(300, () => true);
  forgetOldRuns(paths, 'web', []);
  expect(left()).toHaveLength(220);
  expect(left()[0]).toBe(81);
});
