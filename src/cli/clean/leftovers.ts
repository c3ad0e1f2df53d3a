/**
 * Which processes were left behind by earlier runs of this workspace. Only what carries its mark in the
 * environment is ever looked at; of that, whatever belongs to a living daemon's services is not touched.
 * Pure over a picture of the process table.
 */
import type { ProcessId } from '../../contract/process-id.ts';
import type { ServiceSnapshot } from '../../contract/snapshot.ts';
import type { ProcessInfo } from '../../platform/proc.ts';
import { treeOf } from '../../process/tree.ts';

/** What the environment of a process says of where it belongs. */
export interface Mark {
  service: string;
  /** Null for a shim and its wrappers. */
  run: number | null;
}

export interface Leftover extends ProcessId, Mark {}

export interface Picture {
  all: Map<number, ProcessInfo>;
  /** The processes with this workspace's mark. */
  marked: Map<number, Mark>;
  /** This command itself. */
  self: number;
  /** The living daemon, with what it knows and the shims that it uses; null when there is none. */
  daemon: { process: ProcessId; services: ServiceSnapshot[]; shims: ProcessId[] } | null;
}

export function leftovers({ all, marked, self, daemon }: Picture): Leftover[] {
  // This command, and the shell in a service from which it may have been called.
  const kept = ancestorsOf(all, self);
  if (daemon !== null) {
    for (const pid of ancestorsOf(all, daemon.process.pid)) kept.add(pid);
    const roots = [...daemon.shims, ...daemon.services.flatMap(({ process, shim }) => [process, shim])];
    for (const pid of roots.flatMap((root) => under(all, root))) kept.add(pid);
  }
  const found: Leftover[] = [];
  for (const [pid, mark] of marked) {
    const info = all.get(pid);
    if (info === undefined || info.zombie || kept.has(pid)) continue;
    if (daemon !== null && isCurrent(mark, info, daemon.services)) continue;
    found.push({ pid, start: info.start, ...mark });
  }
  return found;
}

/** It left its session and its parent, but it is of a run that lives, or of a service just being started. */
function isCurrent({ service, run }: Mark, info: ProcessInfo, services: ServiceSnapshot[]): boolean {
  const known = services.find(({ name }) => name === service);
  if (known === undefined) return false;
  const { state, process } = known;
  if ('run' in state && (run === state.run || info.session === process?.pid)) return true;
  return run !== null && run > known.lastRun;
}

/** The process, its session and everything below. */
function under(all: Map<number, ProcessInfo>, leader: ProcessId | null): number[] {
  const nobody = {
    shim: null,
    others: [],
    wrappers: new Set<number>(),
    marked: new Set<number>(),
    before: null,
  };
  return treeOf(all, { ...nobody, leader }).map(({ pid }) => pid);
}

function ancestorsOf(all: Map<number, ProcessInfo>, pid: number): Set<number> {
  const found = new Set<number>();
  for (let at = pid; at > 1 && !found.has(at); at = all.get(at)?.ppid ?? 0) found.add(at);
  return found;
}
