/** What a shim holds for its runs, as it stands in its record. A run is told by `formatSockets` (contract/sockets.ts), or by LISTEN_FDS. */
import * as z from 'zod/mini';
import { HELD_ADDRESSES, type HeldAddress } from '../contract/sockets.ts';

/** `hook`: by UPKEEP_SOCKETS, to the hook in Node programs. `listen-fds`: by LISTEN_FDS (sd_listen_fds(3)), listening already. */
export const HoldWay = z.enum(['hook', 'listen-fds']);
export type HoldWay = z.infer<typeof HoldWay>;

export const HeldRecord = z.object({
  way: HoldWay,
  ports: z.array(z.number()),
  sockets: z.array(
    z.object({
      port: z.number(),
      address: z.enum(HELD_ADDRESSES),
      /** Its copies in the shim and in each run: numbers of descriptors. */
      fds: z.array(z.number()),
      /** `socket:[INODE]`, by which the kernel's tables know it; null where there is no /proc. */
      socket: z.nullable(z.string()),
    }),
  ),
});
export type HeldRecord = z.infer<typeof HeldRecord>;

/** The ports that a service wants held, and in which way. */
export interface HoldWish {
  way: HoldWay;
  ports: readonly number[];
  /** For `listen-fds`: where it listens; 127.0.0.1 unless given. The hook's is the app's own choice. */
  host?: HeldAddress;
}

/** Nobody but this machine reaches it, as dev servers of most languages have it. */
export const LISTEN_HOST = '127.0.0.1';
/** Where this machine has only one of the protocols. */
export const OTHER_FAMILY: Record<HeldAddress, HeldAddress> = {
  '::': '0.0.0.0',
  '0.0.0.0': '::',
  '127.0.0.1': '::1',
  '::1': '127.0.0.1',
};

/** Whether what is held is what is wished for; null stands for nothing. */
export function isHeldAs(held: HeldRecord | null, wish: HoldWish | null): boolean {
  if (held === null || wish === null) return held === wish;
  return held.way === wish.way && sorted(held.ports) === sorted(wish.ports) && isHeldAt(held, wish);
}

function isHeldAt({ sockets }: HeldRecord, { way, host = LISTEN_HOST }: HoldWish): boolean {
  if (way === 'hook') return true;
  return sockets.every(({ address }) => address === host || address === OTHER_FAMILY[host]);
}

/**
 * Shell lines by which a run gets its sockets from descriptor 3 on, with the variables that tell so. To be read by the
 * shim in the very process that becomes the service: `stat` begins with its pid (see shim.sh).
 */
export function listenFdsLines(held: HeldRecord): string[] {
  const numbers = held.sockets.map(({ fds }) => fds[0] ?? FIRST_LISTEN_FD);
  // Each was numbered one higher than it is to be, so none is overwritten before it has moved.
  const moves = numbers.map((fd, index) => `${3 + index}<&${fd}`);
  const names = held.sockets.map(({ port }) => port).join(':');
  return [
    `exec ${moves.join(' ')} ${numbers[numbers.length - 1] ?? FIRST_LISTEN_FD}<&-`,
    'set -- $stat',
    'export LISTEN_PID="$1"',
    `export LISTEN_FDS=${numbers.length} LISTEN_FDNAMES='${names}'`,
  ];
}

/** A shell names descriptors by one digit, and the shim has 3 and 8 for itself. */
export const FIRST_LISTEN_FD = 4;
/** 4 to 6. */
export const MOST_LISTEN_FDS = 3;

function sorted(ports: readonly number[]): string {
  return [...ports].sort((a, b) => a - b).join();
}
