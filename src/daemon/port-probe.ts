/**
 * Waits for ports to be listened on by the right processes. One reading of the kernel's table serves all
 * services that wait, no connection is made to any of them, and nothing is read while none waits.
 */
import type { Ports } from '../platform/ports.ts';

export interface PortProbe {
  /** Calls back once the port is listened on with sockets that `isOurs`. Returns the undo. */
  wait(port: number, isOurs: IsOurs, onListening: () => void): () => void;
}

/** Whether the service's processes hold one of these sockets. */
export type IsOurs = (sockets: Set<string>) => boolean;

interface Waiting {
  port: number;
  isOurs: IsOurs;
  onListening: () => void;
  since: number;
}

/** ms between readings, by how long the youngest has waited: a server that is slow to boot is asked less often. */
const FAST = { until: 2_000, every: 8 };
const SLOW = { until: 15_000, every: 40 };
const RARE = 250;

export function createPortProbe(ports: Ports, now: () => number): PortProbe {
  const waiting = new Set<Waiting>();
  let timer: NodeJS.Timeout | null = null;

  const look = () => {
    timer = null;
    const began = now();
    const listening = ports.listening();
    for (const each of [...waiting]) {
      const sockets = listening.get(each.port);
      if (sockets === undefined || !each.isOurs(sockets)) continue;
      waiting.delete(each);
      each.onListening();
    }
    // A machine with very many sockets has a long table: never spend more than a tenth of the time on it.
    if (waiting.size > 0) timer = setTimeout(look, Math.max(pace(), (now() - began) * 10));
  };
  const pace = () => {
    const youngest = now() - Math.max(...[...waiting].map(({ since }) => since));
    return youngest < FAST.until ? FAST.every : youngest < SLOW.until ? SLOW.every : RARE;
  };

  return {
    wait(port, isOurs, onListening) {
      const each: Waiting = { port, isOurs, onListening, since: now() };
      waiting.add(each);
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(look, FAST.every);
      return () => {
        waiting.delete(each);
        if (waiting.size > 0 || timer === null) return;
        clearTimeout(timer);
        timer = null;
      };
    },
  };
}
