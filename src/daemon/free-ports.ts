/** Seeing to it that the ports of a run are free before it is launched, or saying who has them. */
import type { ParkReason } from '../contract/facts.ts';
import type { DaemonWorld } from './daemon-world.ts';
import { portOwner, portTaken } from './port-owner.ts';

export interface PortsWanted {
  service: string;
  ports: number[];
  /** False once the run is not to be launched any more. */
  isWanted(): boolean;
  /** Ends a process of this service that belongs to no run. */
  endStray(pid: number): Promise<void>;
  /** In words: what is waited for. */
  onDetail(detail: string): void;
}

/** ms between looks at a port that another service of ours is just leaving. */
const PORT_LOOK = 50;
/** A process that is just ending no longer shows what it holds, and looks like another user's for so many looks. */
const DYING_LOOKS = 6;

/** Resolves to who else has one of the ports, or null when all are free. */
export async function freePorts(wanted: PortsWanted, world: DaemonWorld): Promise<ParkReason | null> {
  const answered = await Promise.all(
    wanted.ports.map(async (port) => ((await world.familyOf(port)) === null ? null : port)),
  );
  for (const port of answered) {
    if (port === null || !wanted.isWanted()) continue;
    const taken = await freePort(port, wanted, world);
    if (taken !== null) return taken;
  }
  return null;
}

/** A service of ours that is just stopping (it was renamed, or moves to another port) is waited for. */
async function freePort(port: number, wanted: PortsWanted, world: DaemonWorld): Promise<ParkReason | null> {
  const ended = new Set<number>();
  for (let look = 0; wanted.isWanted(); look++) {
    const owner = portOwner(port, world.ports, world.processes);
    if (owner === null) return null;
    const ours = owner.pid !== null && owner.mark?.workspace === world.id ? owner.mark.service : null;
    // Of another service of ours it may be the shim, which lets go of what it held a moment after the run.
    if ((owner.pid === null || (ours !== null && ours !== wanted.service)) && look < DYING_LOOKS) {
      await pause();
      continue;
    }
    if (owner.pid !== null && ours === wanted.service) {
      // One that does not go is told of; another one may have what it had inherited, too.
      if (ended.has(owner.pid)) return portTaken(port, owner);
      ended.add(owner.pid);
      wanted.onDetail(`ending its own process ${owner.pid}, which an earlier daemon lost`);
      await wanted.endStray(owner.pid);
      continue;
    }
    if (ours === null || !world.isLeaving(ours)) return portTaken(port, owner);
    wanted.onDetail(`waiting until ${ours} lets go of port ${port}`);
    await pause();
  }
  return null;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PORT_LOOK));
}
