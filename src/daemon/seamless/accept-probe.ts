/**
 * Waiting until a program takes connections from a socket that it was handed listening (LISTEN_FDS). That the port
 * answers proves nothing: the kernel does, and every run has inherited the socket. The kernel also counts the
 * connections that nobody has accepted yet (`sk_ack_backlog`, shown as rx_queue of a listening socket in
 * proc_pid_net(5)): one is made, and when none is left the program has taken it. Where that is not told (no /proc),
 * the socket itself has to do.
 */
import { connect } from 'node:net';
import type { Family } from '../../platform/listen-table.ts';
import type { Ports } from '../../platform/ports.ts';
import type { HeldRecord } from '../../process/held-record.ts';
import type { IsOurs, PortProbe } from '../port-probe.ts';

/** ms between looks into the table: at first, then ever longer. */
const FIRST_LOOK = 15;
const LONGEST_PAUSE = 250;
const ANYWHERE: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** `others`: asked for ports that are not held. */
export function acceptProbe(held: HeldRecord, ports: Pick<Ports, 'listeners'>, others: PortProbe): PortProbe {
  return {
    wait(port, isOurs, onListening) {
      const handed = held.sockets.find((each) => each.port === port);
      if (handed === undefined) return others.wait(port, isOurs, onListening);
      const sockets = new Set(held.sockets.map(({ socket }) => socket));
      const client = connect({ host: ANYWHERE[handed.address] ?? handed.address, port });
      // Closed at once: it waits all the same, and a program that serves one client after the other reads its end.
      client.once('connect', () => client.destroy()).on('error', () => {});
      let timer: NodeJS.Timeout;
      const finish = () => {
        clearTimeout(timer);
        client.destroy();
      };
      const look = (pause: number) => {
        timer = setTimeout(() => {
          const family = client.connecting ? null : served(ports, port, sockets, isOurs);
          if (family === null) return look(Math.min(pause * 2, LONGEST_PAUSE));
          finish();
          onListening(family);
        }, pause);
      };
      look(FIRST_LOOK);
      return finish;
    },
  };
}

/** Under which family: by the held socket with nobody waiting at it, or by one of its own. */
function served(
  ports: Pick<Ports, 'listeners'>,
  port: number,
  held: Set<string | null>,
  isOurs: IsOurs,
): Family | null {
  for (const family of [4, 6] as const) {
    for (const { port: found, socket, waiting = 0 } of ports.listeners(family)) {
      const isTaken = found === port && (!held.has(socket) || waiting === 0);
      if (isTaken && isOurs(new Set([socket]))) return family;
    }
  }
  return null;
}
