/** Waits for a port to be listened on by the right processes. Asks only while a service waits. */
import type { Family } from '../platform/listen-table.ts';
import type { Ports } from '../platform/ports.ts';
import type { answers, familyOf } from './connects.ts';

/** Whether the service's processes hold one of these sockets. */
export type IsOurs = (sockets: Set<string>) => boolean;

export interface PortProbe {
  /** Calls back once a socket that `isOurs` listens on the port, with its address family. Returns the undo. */
  wait(port: number, isOurs: IsOurs, onListening: (family: Family) => void): () => void;
}

export interface PortProbeWorld {
  ports: Pick<Ports, 'listeners'>;
  answers: typeof answers;
  familyOf: typeof familyOf;
  /** Monotonic ms. */
  now(): number;
}

/** ms between questions, by how long one has waited: a server that is slow to boot is asked less often. */
const FAST = { until: 3_000, every: 8 };
const SLOW = { until: 15_000, every: 40 };
const RARE = 250;
/** ms to the first question: no runtime listens sooner. */
const FIRST = 25;
/** Many that wait share the daemon: each one more makes all of them ask this much less often, in ms. */
const PER_WAITING = 4;
/** Most servers answer on 127.0.0.1, also those on `::`; one on `::1` alone is asked for each so many times. */
const OTHER_FAMILY = 4;
/** ms between readings of both tables whole. */
const WHOLE_TABLES = 1_500;

export function createPortProbe(world: PortProbeWorld): PortProbe {
  let waiting = 0;
  return {
    wait(port, isOurs, onListening) {
      const since = world.now();
      let timer: NodeJS.Timeout | null = null;
      let over = false;
      let tablesReadAt = since;
      // A server on another address than loopback's is in the tables alone; these are read whole once in a while.
      const holder = (reached: Family | null): Family | null => {
        if (reached !== null && isHeld(world.ports, port, reached, isOurs)) return reached;
        if (world.now() - tablesReadAt < WHOLE_TABLES) return null;
        tablesReadAt = world.now();
        return ([4, 6] as const).find((family) => isHeld(world.ports, port, family, isOurs)) ?? null;
      };
      const finish = () => {
        if (over) return;
        over = true;
        waiting -= 1;
        if (timer !== null) clearTimeout(timer);
      };
      const ask = async (count: number) => {
        const somebody = await world.answers(port, count % OTHER_FAMILY === 0 ? 6 : 4);
        const reached = somebody && !over ? await world.familyOf(port) : null;
        if (over) return;
        const family = holder(reached);
        if (family !== null) {
          finish();
          return onListening(family);
        }
        // Somebody else's answer is looked at rarely: the table is dear.
        const pause = somebody ? RARE : pace(world.now() - since, waiting);
        timer = setTimeout(() => void ask(count + 1), pause);
      };
      waiting += 1;
      timer = setTimeout(() => void ask(1), FIRST);
      return finish;
    },
  };
}

function pace(waited: number, waiting: number): number {
  const every = waited < FAST.until ? FAST.every : waited < SLOW.until ? SLOW.every : RARE;
  return Math.max(every, waiting * PER_WAITING);
}

function isHeld(ports: Pick<Ports, 'listeners'>, port: number, family: Family, isOurs: IsOurs): boolean {
  for (const each of ports.listeners(family)) {
    if (each.port === port && isOurs(new Set([each.socket]))) return true;
  }
  return false;
}
