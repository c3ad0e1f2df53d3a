/** Who holds a port that a service was to have. */
import type { ParkReason } from '../contract/facts.ts';
import type { Ports } from '../platform/ports.ts';
import type { Processes } from '../platform/proc.ts';

export interface Owner {
  pid: number;
  command: string | null;
  /** What its environment says of where it belongs, when it is an Upkeep's. */
  mark: { workspace: string; service: string; root: string | null } | null;
}

/** Null when the port is free; an owner without pid when it is another user's. */
export function portOwner(port: number, ports: Ports, processes: Processes): Owner | { pid: null } | null {
  const sockets = ports.listening().get(port);
  if (sockets === undefined) return null;
  for (const pid of processes.all().keys()) {
    if (!ports.owns(pid, sockets)) continue;
    const environment = processes.environment(pid);
    const workspace = environment?.get('UPKEEP_WORKSPACE');
    const service = environment?.get('UPKEEP_SERVICE');
    const mark =
      workspace === undefined || service === undefined
        ? null
        : { workspace, service, root: environment?.get('UPKEEP_ROOT') ?? null };
    return { pid, command: processes.commandLine(pid), mark };
  }
  // It may have been let go while its owner was looked for.
  return ports.listening().has(port) ? { pid: null } : null;
}

export function portTaken(port: number, owner: Owner | { pid: null }): ParkReason {
  if (owner.pid === null) return { kind: 'port-taken', port, pid: null, command: null, workspace: null };
  return {
    kind: 'port-taken',
    port,
    pid: owner.pid,
    command: owner.command,
    workspace: owner.mark?.root ?? null,
  };
}

/** The port that a program's last words say was taken ("EADDRINUSE: address already in use 127.0.0.1:3000"). */
export function portInLastWords(text: string): number | null {
  const match =
    /(?:EADDRINUSE|[Aa]ddress already in use)[^\n]*?:(\d{2,5})\b/.exec(text) ??
    /EADDRINUSE[\s\S]{0,400}?port: (\d+)/.exec(text);
  return match?.[1] === undefined ? null : Number(match[1]);
}
