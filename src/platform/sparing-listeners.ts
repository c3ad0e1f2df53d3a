/**
 * The tables of listening sockets for those who look again and again. To read one to its end may take 7 ms (see
 * listen-table.ts), and it is looked into while services boot, which need the processor: eleven that boot would cost
 * them a third of a second. So what was read is shared, and good for a while.
 */
import type { Family, Listener } from './listen-table.ts';
import type { Ports } from './ports.ts';

/** Reading takes at most this share of the time. */
const SHARE = 1 / 100;
/** ms after which it is read anew, however long that takes. */
const LONGEST = 1_000;

/** What it tells may be a second old. `now`: monotonic ms. */
export function sparingListeners(
  ports: Pick<Ports, 'listeners'>,
  now: () => number,
): Pick<Ports, 'listeners'> {
  const known = new Map<Family, { table: Listener[]; until: number }>();
  return {
    listeners(family) {
      const before = known.get(family);
      const began = now();
      if (before !== undefined && began < before.until) return before.table;
      const table = [...ports.listeners(family)];
      const ended = now();
      known.set(family, { table, until: ended + Math.min((ended - began) / SHARE, LONGEST) });
      return table;
    },
  };
}
