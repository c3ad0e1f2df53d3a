import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ServiceWatch, type ServiceWatchWorld } from '../../../src/daemon/exact/service-watch.ts';
import type { RunRecord } from '../../../src/process/run-folder.ts';
import type { WatchRules } from '../../../src/watch/index.ts';
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

/** In which nothing is watched; `set` is told what would be. */
function worldWith(set: (service: string, rules: WatchRules) => void = () => {}): ServiceWatchWorld {
  return {
    watch: { set, addFile() {}, removeFile() {}, remove() {}, rebase() {} },
    root: folder,
    logDir: () => join(folder, 'logs'),
    env: {},
    reportOf,
    onChange() {},
  } as unknown as ServiceWatchWorld;
}

it('is exact after a trial whose run had come in the place of one that ended meanwhile', () => {
  const world = worldWith();
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

it('who asks for a file of its folder waits until it is known how it is followed, and globs count from when it was ready', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const rules: WatchRules[] = [];
  const world = worldWith((_, one) => rules.push(one));
  // A package manager that has started something which tells nothing, yet.
  writeFileSync(reportOf('web', 1), `${JSON.stringify(['quiet', 1, 1, 'package manager'])}\n`);
  const run = { run: 1, startedAt: 5_000, readyAt: 6_000, endedAt: null, exit: null } as RunRecord;
  const its = new ServiceWatch(
    { ...specOf('web'), command: { shell: 'npm run web' }, cwd: folder },
    run,
    world,
  );
  try {
    its.follow(run);
    const order: string[] = [];
    const asked = its.decided([join(folder, 'part.php')]).then(() => order.push('its'));
    await its.decided(['/elsewhere/part.php']).then(() => order.push('another'));
    expect(its.watching).toEqual({ kind: 'not-yet' });
    vi.advanceTimersByTime(10_000);
    await asked;
    expect(order).toEqual(['another', 'its']);
    expect(its.watching.kind).toBe('not-exact');
    expect(rules.at(-1)?.includedSince).toBe(6_000);
  } finally {
    its.close();
    vi.useRealTimers();
  }
});
