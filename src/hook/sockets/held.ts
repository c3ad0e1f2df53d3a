/** The held sockets of this process: which descriptors are left, and which address is in use. */
import { fstatSync } from 'node:fs';
import { type HeldSocket as Inherited, socketName } from '../../contract/sockets.ts';
import { overlaps } from './addresses.ts';
import type { SocketAddress, StreamHandle, TcpHandle } from './natives.ts';

/** Connections that a kept handle takes in while nobody listens; Node's own backlog. */
const MOST_WAITING = 511;

export class HeldSocket {
  readonly name: string;
  readonly port: number;
  readonly address: string;
  readonly #fds: number[];
  #kept: KeptHandle | null = null;
  inUse = false;

  constructor(inherited: Inherited) {
    this.name = socketName(inherited);
    this.port = inherited.port;
    this.address = inherited.address;
    this.#fds = [...inherited.fds];
  }

  /** Gives `handle` a descriptor of this socket. False when there is none that is still what it was. */
  open(handle: TcpHandle): boolean {
    for (let fd = this.#fds.shift(); fd !== undefined; fd = this.#fds.shift()) {
      if (!isSocket(fd)) continue;
      if (handle.open(fd) !== 0) return false;
      if (this.#isBoundTo(handle)) return true;
      // Somebody else's socket has that number by now: this handle must not close it, nor be opened anew.
      return false;
    }
    return false;
  }

  /** True: `handle` is the last descriptor, closing it would lose the socket. */
  get isLast(): boolean {
    return this.#fds.length === 0 && this.#kept === null;
  }

  /** Keeps the handle of a closed server for the next one. */
  keep(handle: TcpHandle): void {
    this.#kept = new KeptHandle(handle);
  }

  takeKept(): KeptHandle | null {
    const kept = this.#kept;
    this.#kept = null;
    return kept;
  }

  get hasKept(): boolean {
    return this.#kept !== null;
  }

  #isBoundTo(handle: TcpHandle): boolean {
    const found: SocketAddress = {};
    return handle.getsockname(found) === 0 && found.port === this.port && found.address === this.address;
  }
}

/** The listening handle of a server that was closed: what connects meanwhile waits here instead of in the kernel. */
export class KeptHandle {
  readonly handle: TcpHandle;
  readonly #waiting: StreamHandle[] = [];

  constructor(handle: TcpHandle) {
    this.handle = handle;
    handle.onconnection = (error, client) => {
      if (error) return;
      if (this.#waiting.length < MOST_WAITING) this.#waiting.push(client);
      else client.close();
    };
    handle.unref();
  }

  /** To whoever listens now. */
  takeWaiting(): StreamHandle[] {
    return this.#waiting.splice(0);
  }
}

export class HeldSockets {
  readonly #sockets: HeldSocket[];

  constructor(inherited: readonly Inherited[]) {
    this.#sockets = inherited.map((one) => new HeldSocket(one));
  }

  hasPort(port: number): boolean {
    return this.#sockets.some((socket) => socket.port === port);
  }

  find(port: number, address: string): HeldSocket | null {
    return this.#sockets.find((socket) => socket.port === port && socket.address === address) ?? null;
  }

  /** This process has a server there already. */
  isInUse(port: number, address: string): boolean {
    return this.#sockets.some((one) => one.inUse && one.port === port && overlaps(one.address, address));
  }

  *kept(): Generator<KeptHandle> {
    for (const socket of this.#sockets) {
      const kept = socket.takeKept();
      if (kept !== null) yield kept;
    }
  }
}

/** Closed by something between the shim and us, the number may be anybody's. */
function isSocket(fd: number): boolean {
  try {
    // Not without `bigint`: on Node 18 to 22 that spoils the resolution of symlinked entries.
    return fstatSync(fd, { bigint: true }).isSocket();
  } catch {
    return false;
  }
}
