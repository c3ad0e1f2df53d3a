/** Ending trees of processes that cannot be ended: over a made-up process table, whose pids no kernel gives. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Processes, ProcessInfo } from '../../src/platform/proc.ts';
import { LiveRuns } from '../../src/process/live-runs.ts';
import { runFolder } from '../../src/process/run-folder.ts';
import { Timers } from '../../src/process/timers.ts';
import { TreeEnding } from '../../src/process/tree-ending.ts';

const LEADER = 10_000_000;
/** In the leader's session, and under another user's rights: no signal reaches it. */
const STUBBORN = LEADER + 1;
const info = (pid: number): ProcessInfo => ({
  pid,
  start: pid,
  ppid: 1,
  pgid: LEADER,
  session: LEADER,
  zombie: false,
  cpu: 0,
  memory: 0,
});
const processes: Processes = {
  all: () => new Map([[STUBBORN, info(STUBBORN)]]),
  get: (pid) => (pid === STUBBORN ? info(pid) : null),
  commandLine: () => null,
  environment: () => null,
  environments: () => new Map(),
  now: () => 0,
  bootId: () => 'made-up',
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function ending() {
  const mark = { workspace: 'w', service: 's' };
  const runs = new LiveRuns({ processes, subreaper: ['perl'], mark }, () => null);
  const live = runs.add(1, 0, runFolder('/nowhere', 's', 1));
  live.process = { pid: LEADER, start: LEADER };
  live.exit = { code: 0 };
  return { live, tree: new TreeEnding(runs, processes, new Timers(), () => undefined) };
}

it('what a run left behind and cannot be ended is not looked at for ever', async () => {
  const { live, tree } = ending();
  const swept = vi.fn();
  void tree.sweep(live, false).then(swept);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(swept).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(swept).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

it('a stray is left alone once nobody wants it gone', async () => {
  const { tree } = ending();
  const left = vi.fn();
  void tree.endStray(STUBBORN, () => false).then(left);
  await vi.advanceTimersByTimeAsync(0);
  expect(left).toHaveBeenCalledOnce();
});
