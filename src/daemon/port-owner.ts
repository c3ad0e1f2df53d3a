/** A port that a service was to have is taken. */
import type { ParkReason } from '../contract/facts.ts';
import type { Owner } from '../platform/port-owner.ts';

export { portOwner } from '../platform/port-owner.ts';

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
