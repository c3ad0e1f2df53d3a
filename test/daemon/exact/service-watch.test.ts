import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ServiceWatch, type ServiceWatchWorld } from '../../../src/daemon/exact/service-watch.ts';
import type { RunRecord } from '../../../src/process/run-folder.ts';
import { specOf } from '../../supervisor/services.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-service-watch-'));
  mkdirSync(join(folder, 'runs'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const reportOf = (_: string, run: number) => join(folder, 'runs', `${run}`);

/** A run that is ready, and has told what it loaded. */
function ready(run: number): RunRecord {
  const lines = [
    ['hello', 1, run, 'node', process.versions.node],
    ['load', 1, join(folder, 'web.js'), null],
  ];
  writeFileSync(reportOf('web', run), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return { run, startedAt: Date.now(), readyAt: Date.now(), endedAt: null, exit: null } as RunRecord;
}

it('is exact after a trial whose run had come in the place of one that ended meanwhile', () => {
  const world = {
    watch: { set() {}, addFile() {}, removeFile() {}, remove() {}, rebase() {} },
    root: folder,
    logDir: () => join(folder, 'logs'),
    env: {},
    reportOf,
    onChange() {},
  } as unknown as ServiceWatchWorld;
  const first = ready(1);
  const its = new ServiceWatch({ ...specOf('web'), cwd: folder }, first, world);
  try {
    its.follow(first);
    expect(its.watching).toEqual({ kind: 'exact' });
    const second = ready(2);
    its.launched(2, true);
    its.follow(second);
    its.trialEnded(true);
    expect(its.watching).toEqual({ kind: 'exact' });
  } finally {
    its.close();
  }
});
