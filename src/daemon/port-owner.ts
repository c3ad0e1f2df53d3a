/** A port that a service was to have is taken. */
import type { ParkReason } from '../contract/facts.ts';
import { type Owner, portOwner } from '../platform/port-owner.ts';
import type { Ports } from '../platform/ports.ts';
import type { Processes } from '../platform/proc.ts';

export { portOwner } from '../platform/port-owner.ts';

/** `owner`: null when nobody listens there. */
export function portTaken(port: number, owner: Owner | { pid: null } | null): ParkReason {
  const nobody = { kind: 'port-taken', port, pid: null, command: null, workspace: null } as const;
  if (owner === null) return { ...nobody, listens: false };
  if (owner.pid === null) return nobody;
  return {
    kind: 'port-taken',
    port,
    pid: owner.pid,
    command: owner.command,
    workspace: owner.mark?.root ?? null,
  };
}

/** A program's last words say that a port was taken: by whom? Null when they do not, or nobody has it now. `mayBe`: they are believed of this port. */
export function portTakenBy(
  lastWords: readonly string[],
  mayBe: (port: number) => boolean,
  ports: Ports,
  processes: Processes,
): ParkReason | null {
  const port = portInLastWords(lastWords.join('\n'));
  if (port === null || !mayBe(port)) return null;
  const owner = portOwner(port, ports, processes);
  return owner === null ? null : portTaken(port, owner);
}

/**
 * The port that a program's last words say was taken, as runtimes put it: Node ("EADDRINUSE: address already
 * in use 127.0.0.1:3000"), Go ("listen tcp :8080: bind: address already in use"), Python's asyncio
 * ("bind on address ('127.0.0.1', 8000): address already in use").
 */
export function portInLastWords(text: string): number | null {
  const match =
    /(?:EADDRINUSE|address already in use)[^\n]*?:(\d{2,5})\b/i.exec(text) ??
    /[: ](\d{2,5})\)?:[^\n]*address already in use/i.exec(text) ??
    /EADDRINUSE[\s\S]{0,400}?port: (\d+)/.exec(text);
  return match?.[1] === undefined ? null : Number(match[1]);
}
