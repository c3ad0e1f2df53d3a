/**
 * Waiting until a run listens on a port that is held for it. Neither a connection nor the kernel's table proves
 * that: the held socket may listen already, and every run has inherited it. The run itself tells; one that listens
 * by a socket of its own (its hook could not work) is found in the table, where what is held does not count.
 */
import type { Family } from '../../platform/listen-table.ts';
import type { Ports } from '../../platform/ports.ts';
import type { IsOurs, PortProbe } from '../port-probe.ts';
import type { RunSockets } from './run-sockets.ts';

/** ms between looks into the table. */
const FIRST_LOOK = 250;
const LONGEST_PAUSE = 1_000;

/** The kernel's table as it is, and as it was a moment ago: the former is dear, and what is looked for is rare. */
interface Tables {
  ports: Pick<Ports, 'listeners'>;
  recentPorts: Pick<Ports, 'listeners'>;
}

/** `others`: asked for ports that are not held. */
export function heldProbe(sockets: RunSockets, { ports, recentPorts }: Tables, others: PortProbe): PortProbe {
  const held = new Set(sockets.held.sockets.map(({ socket }) => socket));
  const ownFamily = (table: Tables['ports'], port: number, isOurs: IsOurs): Family | null => {
    for (const family of [4, 6] as const) {
      for (const { port: found, socket } of table.listeners(family)) {
        if (found === port && !held.has(socket) && isOurs(new Set([socket]))) return family;
      }
    }
    return null;
  };
  return {
    wait(port, isOurs, onListening) {
      if (!sockets.held.ports.includes(port)) return others.wait(port, isOurs, onListening);
      let timer: NodeJS.Timeout | null = null;
      let over = false;
      const finish = () => {
        over = true;
        if (timer !== null) clearTimeout(timer);
        unsubscribe();
      };
      const found = (family: Family | null): boolean => {
        if (family === null || over) return over;
        finish();
        onListening(family);
        return true;
      };
      const told = () => {
        const address = sockets.holderOf(port)?.address;
        if (address !== undefined) return found(address.includes(':') ? 6 : 4);
        return sockets.unheld !== null && found(ownFamily(ports, port, isOurs));
      };
      const look = (pause: number) => {
        timer = setTimeout(() => {
          if (!found(ownFamily(recentPorts, port, isOurs))) look(Math.min(pause * 2, LONGEST_PAUSE));
        }, pause);
      };
      const unsubscribe = sockets.onChange(() => void told());
      // Not in the caller's turn: it has not got the undo yet.
      const immediate = setImmediate(() => {
        if (!over && !told()) look(FIRST_LOOK);
      });
      return () => {
        clearImmediate(immediate);
        finish();
      };
    },
  };
}
