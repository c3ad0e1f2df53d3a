/**
 * Holding the ports of a service: its addresses are bound, and the shim inherits them. The daemon keeps none: what it
 * bound is closed as soon as the shim has it.
 */
import { readlinkSync } from 'node:fs';
import { FIRST_SOCKET_FD, HELD_ADDRESSES, type HeldAddress, SOCKET_COPIES } from '../contract/sockets.ts';
import { type BoundSocket, bindSocket } from './bind-socket.ts';
import {
  FIRST_LISTEN_FD,
  type HeldRecord,
  type HoldWish,
  LISTEN_HOST,
  MOST_LISTEN_FDS,
  OTHER_FAMILY,
} from './held-record.ts';

/** An address of a port, bound in this process. */
export interface BoundAddress {
  port: number;
  address: HeldAddress;
  fd: number;
  /** `socket:[INODE]`; null where there is no /proc. */
  socket: string | null;
  listen(): boolean;
  close(): void;
}

export type Binding =
  | { sockets: BoundAddress[] }
  /** Somebody else listens there. */
  | { taken: number }
  /** It cannot be held, and not because of somebody else: in words. */
  | { failed: string };

/** Bound, for the shim that is to be started. */
export interface Bound {
  record: HeldRecord;
  sockets: BoundAddress[];
}

/** A stranger there leaves the app nothing; one on another address of the machine keeps only `::` and `0.0.0.0` from it. */
const LOOPBACK: HeldAddress[] = ['127.0.0.1', '::1'];
/** Not on this machine: no IPv6, or no such address. */
const ABSENT = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EPROTONOSUPPORT'];

/** Binds without listening what can be bound of these ports on this machine. */
export function bindHeld(ports: readonly number[]): Binding {
  const sockets: BoundAddress[] = [];
  for (const port of ports) {
    const before = sockets.length;
    for (const address of HELD_ADDRESSES) {
      const bound = bindSocket(address, port);
      if (!('code' in bound)) sockets.push(boundAddress(bound, address, port));
      else if (ABSENT.includes(bound.code)) continue;
      else if (bound.code !== 'EADDRINUSE') return giveUp(sockets, { failed: `${bound.code} at ${address}` });
      else if (LOOPBACK.includes(address)) return giveUp(sockets, { taken: port });
    }
    if (sockets.length === before) return giveUp(sockets, { failed: `no address for port ${port}` });
  }
  return { sockets };
}

/** One socket a port, that listens already: as sd_listen_fds(3) has it. */
export function bindListening(ports: readonly number[], host: HeldAddress = LISTEN_HOST): Binding {
  if (ports.length > MOST_LISTEN_FDS) return { failed: `more than ${MOST_LISTEN_FDS} ports` };
  const sockets: BoundAddress[] = [];
  for (const port of ports) {
    const wanted = bindSocket(host, port);
    const isAbsent = 'code' in wanted && ABSENT.includes(wanted.code);
    const address = isAbsent ? OTHER_FAMILY[host] : host;
    const bound = isAbsent ? bindSocket(address, port) : wanted;
    if ('code' in bound)
      return giveUp(sockets, bound.code === 'EADDRINUSE' ? { taken: port } : { failed: bound.code });
    sockets.push(boundAddress(bound, address, port));
    if (!bound.listen()) return giveUp(sockets, { taken: port });
  }
  return { sockets };
}

export function bindWish(wish: HoldWish): Bound | Exclude<Binding, { sockets: BoundAddress[] }> {
  const binding = wish.way === 'hook' ? bindHeld(wish.ports) : bindListening(wish.ports, wish.host);
  return 'sockets' in binding ? { ...binding, record: recordOf(wish, binding.sockets) } : binding;
}

/** At which numbers the shim is to have them: the same for the same sockets, always. */
function recordOf({ way, ports }: HoldWish, sockets: readonly BoundAddress[]): HeldRecord {
  const first = way === 'hook' ? FIRST_SOCKET_FD : FIRST_LISTEN_FD;
  const copies = way === 'hook' ? SOCKET_COPIES : 1;
  return {
    way,
    ports: [...ports],
    sockets: sockets.map(({ port, address, socket }, index) => ({
      port,
      address,
      fds: Array.from({ length: copies }, (_, copy) => first + copy * sockets.length + index),
      socket,
    })),
  };
}

/** For spawn: what is not named is closed there. */
export function stdioOf(record: HeldRecord, sockets: readonly BoundAddress[]): ('ignore' | number)[] {
  const last = Math.max(2, ...record.sockets.flatMap(({ fds }) => fds));
  const stdio = Array.from({ length: last + 1 }, (): 'ignore' | number => 'ignore');
  record.sockets.forEach(({ fds }, index) => {
    const socket = sockets[index];
    if (socket === undefined) return;
    for (const fd of fds) stdio[fd] = socket.fd;
    // libuv makes what it gives as 0 to 2 blocking, as a program with a plain accept(2) needs it; the shim
    // points these elsewhere at once, and it is one and the same open socket.
    if (record.way === 'listen-fds') stdio[index] = socket.fd;
  });
  return stdio;
}

export function closeAll(sockets: readonly BoundAddress[]): void {
  for (const socket of sockets) socket.close();
}

function giveUp<B>(sockets: readonly BoundAddress[], binding: B): B {
  closeAll(sockets);
  return binding;
}

function boundAddress(bound: BoundSocket, address: HeldAddress, port: number): BoundAddress {
  return { ...bound, port, address, socket: nameOf(bound.fd) };
}

function nameOf(fd: number): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return null;
  }
}
