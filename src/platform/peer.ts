/** Whose process is at the other end of a connection on this machine: proc_pid_net(5). Linux only. */
import { readFileSync } from 'node:fs';

/** In `st` of a row: TCP_ESTABLISHED in the kernel's include/net/tcp_states.h. */
const ESTABLISHED = '01';

/**
 * The user id of the socket on 127.0.0.1 that is connected from port `from` to port `to`; null where it cannot be
 * told: another system, another network namespace.
 */
export function peerUid(from: number, to: number, proc = '/proc'): number | null {
  try {
    return uidIn(readFileSync(`${proc}/net/tcp`, 'latin1'), from, to);
  } catch {
    return null;
  }
}

/** `sl local_address rem_address st tx:rx tr:tm->when retrnsmt uid …`. Pure. */
export function uidIn(table: string, from: number, to: number): number | null {
  const ends = ` ${endOf(from)} ${endOf(to)} ${ESTABLISHED} `;
  const at = table.indexOf(ends);
  if (at < 0) return null;
  const uid = Number(
    table
      .slice(at + ends.length, at + ends.length + 80)
      .trim()
      .split(/\s+/)[3],
  );
  return Number.isInteger(uid) ? uid : null;
}

function endOf(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}
