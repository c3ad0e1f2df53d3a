/** What the processes of a run listen on. */
import { listening } from '../platform/ports.ts';
import type { DaemonWorld, ServiceRuns } from './daemon-world.ts';

/** Nearly always it is the run's own process that listens; only behind npm or a shell the whole tree is looked at. */
export function holderOf(
  run: number,
  sockets: Set<string>,
  runs: ServiceRuns,
  { ports }: DaemonWorld,
): number | null {
  const own = runs.process(run);
  if (own !== null && ports.owns(own.pid, sockets)) return own.pid;
  return runs.tree(run).find(({ pid }) => ports.owns(pid, sockets))?.pid ?? null;
}

/** Every port that a process of the run listens on. */
export function portsOf(run: number, runs: ServiceRuns, { ports }: DaemonWorld): number[] {
  const tree = runs.tree(run);
  return [...listening(ports)]
    .filter(({ socket }) => tree.some(({ pid }) => ports.owns(pid, new Set([socket]))))
    .map(({ port }) => port);
}
