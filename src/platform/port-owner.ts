/** Who holds a TCP port, and whether it is an Upkeep's. */
import { mask } from '../contract/mask.ts';
import { type Ports, socketsOn } from './ports.ts';
import type { Processes } from './proc.ts';

export interface Owner {
  pid: number;
  command: string | null;
  /** What its environment says of where it belongs, when it is an Upkeep's. */
  mark: { workspace: string; service: string; root: string | null } | null;
}

/** Null when the port is free; an owner without pid when it is another user's. */
export function portOwner(port: number, ports: Ports, processes: Processes): Owner | { pid: null } | null {
  const sockets = socketsOn(ports, port);
  if (sockets.size === 0) return null;
  let holder: Owner | null = null;
  for (const pid of processes.all().keys()) {
    if (!ports.owns(pid, sockets)) continue;
    const environment = processes.environment(pid);
    const workspace = environment?.get('UPKEEP_WORKSPACE');
    const service = environment?.get('UPKEEP_SERVICE');
    const mark =
      workspace === undefined || service === undefined
        ? null
        : { workspace, service, root: environment?.get('UPKEEP_ROOT') ?? null };
    const owner = { pid, command: shown(processes.commandLine(pid)), mark };
    // A shim only holds the socket for a run, which is the one that answers.
    if (mark === null || environment?.get('UPKEEP_RUN') !== undefined) return owner;
    holder ??= owner;
  }
  if (holder !== null) return holder;
  // It may have been let go while its owner was looked for.
  return socketsOn(ports, port).size > 0 ? { pid: null } : null;
}

/** One line of a screen, whatever program was handed over as a word (`python3 -c`). */
function shown(command: string | null): string | null {
  return command === null ? null : mask(command.replace(/[\s\p{Cc}]+/gu, ' ').trim());
}
