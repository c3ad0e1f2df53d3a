/** Which processes belong to a run. Pure over a picture of the process table. */
import type { ProcessId } from '../contract/process-id.ts';
import type { ProcessInfo } from '../platform/proc.ts';

export interface TreeQuery {
  /** The run's own process, alive or not: its pid is also the id of its session and group. */
  leader: ProcessId | null;
  /** The service's shim; orphans come back to it when it is a subreaper. Null when it is dead. */
  shim: ProcessId | null;
  /** The processes of the service's other runs, which keep what is theirs. */
  others: ProcessId[];
  /** Wrappers of live runs: children of the shim that must be left to write an exit code. */
  wrappers: Set<number>;
  /** Pids found by the workspace's mark in their environment; where there is no subreaper. */
  marked: Set<number>;
  /** Only processes that were there before this kernel start time; null: all. */
  before: number | null;
}

/** Every process of the run, itself included. Wrappers and shim are not part of it. Zombies are not counted. */
export function treeOf(all: Map<number, ProcessInfo>, query: TreeQuery): ProcessInfo[] {
  const { leader, shim } = query;
  const children = childrenByParent(all);
  const taken = new Set<number>(query.wrappers);
  for (const other of query.others) addDescendants(all, children, other, taken);

  const found = new Set<number>();
  if (leader !== null) addDescendants(all, children, leader, found);
  // The kernel gives a number to nobody else while it names a group or session: who has it now leads others.
  const replaced = leader !== null && (all.get(leader.pid)?.start ?? leader.start) !== leader.start;
  for (const info of all.values()) {
    const inSession =
      leader !== null &&
      !replaced &&
      (info.session === leader.pid || info.pgid === leader.pid) &&
      info.start >= leader.start;
    if (inSession || query.marked.has(info.pid)) addDescendants(all, children, info, found);
  }
  if (shim !== null && all.get(shim.pid)?.start === shim.start) {
    for (const pid of children.get(shim.pid) ?? []) {
      const orphan = all.get(pid);
      if (orphan !== undefined && !taken.has(pid)) addDescendants(all, children, orphan, found);
    }
  }
  return [...found]
    .filter((pid) => !taken.has(pid) && pid !== shim?.pid)
    .map((pid) => all.get(pid))
    .filter((info) => info !== undefined)
    .filter((info) => !info.zombie && (query.before === null || info.start <= query.before));
}

function addDescendants(
  all: Map<number, ProcessInfo>,
  children: Map<number, number[]>,
  root: ProcessId,
  found: Set<number>,
): void {
  if (all.get(root.pid)?.start !== root.start) return;
  const open = [root.pid];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    if (found.has(pid)) continue;
    found.add(pid);
    open.push(...(children.get(pid) ?? []));
  }
}

/** One picture of the process table serves all services that are looked at in it. */
const known = new WeakMap<Map<number, ProcessInfo>, Map<number, number[]>>();

function childrenByParent(all: Map<number, ProcessInfo>): Map<number, number[]> {
  const before = known.get(all);
  if (before !== undefined) return before;
  const children = new Map<number, number[]>();
  for (const { pid, ppid } of all.values()) {
    const siblings = children.get(ppid);
    if (siblings === undefined) children.set(ppid, [pid]);
    else siblings.push(pid);
  }
  known.set(all, children);
  return children;
}
