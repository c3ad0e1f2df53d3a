import { expect, it } from 'vitest';
import type { Family } from '../../src/platform/listen-table.ts';
import { sparingListeners } from '../../src/platform/sparing-listeners.ts';

/** Tables that take `cost` ms to read, and tell how often they were. */
function tables(cost: number) {
  const clock = { now: 1_000, reads: [] as Family[] };
  const recent = sparingListeners(
    {
      *listeners(family) {
        clock.reads.push(family);
        clock.now += cost;
        yield { port: 3000 + clock.reads.length, socket: 'socket:[1]' };
      },
    },
    () => clock.now,
  );
  return { clock, ports: (family: Family) => [...recent.listeners(family)].map(({ port }) => port) };
}

it('reads a table once for all who ask, and each family by itself', () => {
  const { clock, ports } = tables(7);
  expect([ports(4), ports(4), ports(6), ports(4)]).toEqual([[3001], [3001], [3002], [3001]]);
  expect(clock.reads).toEqual([4, 6]);
});

it('takes a hundredth of the time for it', () => {
  const { clock, ports } = tables(7);
  ports(4);
  clock.now += 699;
  expect(ports(4)).toEqual([3001]);
  clock.now += 1;
  expect(ports(4)).toEqual([3002]);
});

it('is never older than a second, and no older at all where reading costs nothing', () => {
  const dear = tables(50);
  dear.ports(4);
  dear.clock.now += 1_000;
  expect(dear.ports(4)).toEqual([3002]);
  const free = tables(0);
  expect([free.ports(4), free.ports(4)]).toEqual([[3001], [3002]]);
});
