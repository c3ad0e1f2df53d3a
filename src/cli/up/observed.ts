/** What the daemon's snapshot says of the services in the foreground. */
import type { Snapshot } from '../../contract/snapshot.ts';
import { readJson } from '../../platform/files.ts';

export interface Observed {
  /** Those that have a process. */
  alive: string[];
  /** None is wanted any more, and none has a process: somebody has stopped them all. */
  allStopped: boolean;
}

/** Null when there is no readable snapshot. */
export function observe(path: string, services: string[]): Observed | null {
  const snapshot = readJson(path) as Snapshot | null;
  if (!Array.isArray(snapshot?.services)) return null;
  const ours = snapshot.services.filter(({ name }) => services.includes(name));
  const alive = ours.filter(({ state }) => 'run' in state).map(({ name }) => name);
  return { alive, allStopped: alive.length === 0 && ours.every(({ wanted }) => !wanted) };
}
