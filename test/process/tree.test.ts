/** Who belongs to a run, over made-up process tables. */
import { describe, expect, it } from 'vitest';
import type { ProcessInfo } from '../../src/platform/proc.ts';
import { type TreeQuery, treeOf } from '../../src/process/tree.ts';

/** Shim 10 → wrapper 20 → run 30, which leads its session and group. */
const SHIM = at(10, 1);
const WRAPPER = at(20, 10);
const LEADER = at(30, 20, { pgid: 30, session: 30 });
const QUERY: TreeQuery = {
  leader: LEADER,
  shim: SHIM,
  others: [],
  wrappers: new Set([20]),
  marked: new Set(),
  before: null,
};

/** A process; it started as many ticks after boot as its pid says, and is a session of its own. */
function at(pid: number, ppid: number, changes: Partial<ProcessInfo> = {}): ProcessInfo {
  return { pid, ppid, pgid: pid, session: pid, zombie: false, cpu: 0, memory: 0, start: pid, ...changes };
}

function tree(extra: ProcessInfo[], query: Partial<TreeQuery> = {}): number[] {
  const all = new Map([at(1, 0), SHIM, WRAPPER, LEADER, ...extra].map((info) => [info.pid, info]));
  return treeOf(all, { ...QUERY, ...query })
    .map(({ pid }) => pid)
    .sort((a, b) => a - b);
}

describe('belonging to a run', () => {
  it.each<[string, ProcessInfo[], number[]]>([
    ['itself alone', [], [30]],
    ['children and theirs', [at(31, 30), at(32, 31), at(33, 32)], [30, 31, 32, 33]],
    ['who stayed in the session', [at(31, 1, { session: 30 })], [30, 31]],
    ['who stayed in the group', [at(31, 1, { pgid: 30 })], [30, 31]],
    ['the children of those', [at(31, 1, { pgid: 30 }), at(32, 31)], [30, 31, 32]],
    ['orphans that came back to the shim', [at(31, 10), at(32, 31)], [30, 31, 32]],
    ['no zombie', [at(31, 30, { zombie: true })], [30]],
    ['but the children of a zombie', [at(31, 30, { zombie: true }), at(32, 31)], [30, 32]],
    ['no stranger', [at(40, 1), at(41, 40)], [30]],
  ])('%s', (_, extra, expected) => {
    expect(tree(extra)).toEqual(expected);
  });

  it('not by a session that an earlier process of the same number led', () => {
    expect(tree([at(25, 1, { session: 30 })])).toEqual([30]);
  });

  it('not by a leader whose pid is somebody else now', () => {
    expect(tree([at(31, 30)], { leader: { pid: 30, start: 29 } })).toEqual([]);
  });

  it('though the leader is gone: what is left of its group and under the shim', () => {
    const all = [SHIM, WRAPPER, at(31, 1, { pgid: 30 }), at(32, 10)].map((info): [number, ProcessInfo] => [
      info.pid,
      info,
    ]);
    expect(treeOf(new Map(all), QUERY).map(({ pid }) => pid)).toEqual([31, 32]);
  });

  it('by the mark, where nothing else tells', () => {
    expect(tree([at(40, 1), at(41, 40), at(42, 1)], { marked: new Set([40]) })).toEqual([30, 40, 41]);
  });

  it('not what lives under another process with the pid of the shim', () => {
    expect(tree([at(31, 10)], { shim: { pid: 10, start: 9 } })).toEqual([30]);
  });

  it('never the shim itself, nor its wrapper', () => {
    expect(tree([], { marked: new Set([10, 20]) })).toEqual([30]);
  });
});

describe('beside another run of the same service', () => {
  const other = at(50, 21, { pgid: 50, session: 50 });
  const both = [at(21, 10), other, at(51, 50)];
  const query = { others: [other], wrappers: new Set([20, 21]) };

  it('its processes and its wrapper are left alone', () => {
    expect(tree(both, query)).toEqual([30]);
  });

  it('also when they bear the mark or came back to the shim', () => {
    expect(tree(both, { ...query, marked: new Set([50, 51]) })).toEqual([30]);
  });

  it('orphans that are younger than it may be its own', () => {
    const orphans = [at(45, 10), at(55, 10)];
    expect(tree([...both, ...orphans], { ...query, before: 50 })).toEqual([30, 45]);
    expect(tree([...both, ...orphans], query)).toEqual([30, 45, 55]);
  });
});
