/** An app's listen on a held port takes the held socket. */
import { canonical } from './addresses.ts';
import type { HeldSocket, HeldSockets } from './held.ts';
import { Listener } from './listener.ts';
import { ownerOf, setOwner, type TcpBinding, type TcpHandle } from './natives.ts';

export interface Capture {
  /** A server listens on a held socket. `accept`: begins to take connections; 0 or a negative errno. */
  listens(listener: Listener, accept: () => number): void;
  /** A client of this process is about to connect to this port, here or elsewhere. */
  connects(port: number): void;
  /** A server listens on a port otherwise. */
  uncaptured(port: number, why: string): void;
  /** Null, or why this process takes no held socket. */
  refusal(): string | null;
}

/** What a handle was bound to, until it listens. */
export type Bound =
  | { kind: 'held'; socket: HeldSocket }
  | { kind: 'kept'; socket: HeldSocket }
  | { kind: 'conflict' }
  | { kind: 'uncaptured'; port: number; why: string };

export class Binder {
  readonly #tcp: TcpBinding;
  readonly #held: HeldSockets;
  readonly #capture: Capture;
  #serverType: number | null = null;

  constructor(tcp: TcpBinding, held: HeldSockets, capture: Capture) {
    this.#tcp = tcp;
    this.#held = held;
    this.#capture = capture;
  }

  /** A client of this process is about to connect to this port, here or elsewhere. */
  connects(port: number): void {
    this.#capture.connects(port);
  }

  /** Null for what is no server's. Never throws. */
  find(handle: TcpHandle, address: unknown, port: unknown, flags: unknown): Bound | null {
    try {
      if (typeof address !== 'string' || typeof port !== 'number' || !this.#isServer(handle)) return null;
      return this.#find(handle, canonical(address), port, Number(flags ?? 0));
    } catch {
      return null;
    }
  }

  #find(handle: TcpHandle, address: string, port: number, flags: number): Bound {
    const uncaptured = (why: string): Bound => ({ kind: 'uncaptured', port, why });
    if (port === 0) return uncaptured('port 0');
    if (!this.#held.hasPort(port)) return uncaptured('not declared');
    const refusal = this.#capture.refusal() ?? this.#flagged(flags);
    if (refusal !== null) return uncaptured(refusal);
    const socket = this.#held.find(port, address);
    if (socket === null) return uncaptured(`host ${address}`);
    if (this.#held.isInUse(port, address)) return { kind: 'conflict' };
    if (socket.hasKept) return { kind: 'kept', socket };
    return socket.open(handle) ? { kind: 'held', socket } : uncaptured('descriptors closed');
  }

  #flagged(flags: number): string | null {
    const { UV_TCP_IPV6ONLY = 1, UV_TCP_REUSEPORT = 2 } = this.#tcp.constants;
    if (flags & UV_TCP_REUSEPORT) return 'reusePort';
    return flags & UV_TCP_IPV6ONLY ? 'ipv6Only' : null;
  }

  listen(handle: TcpHandle, bound: Bound, native: (handle: TcpHandle) => number): number {
    switch (bound.kind) {
      case 'conflict':
        return addressInUse();
      case 'uncaptured': {
        const error = native(handle);
        // In the way of another address of a held port is, most likely, the run before.
        if (error === 0 || this.#held.hasPort(bound.port))
          this.#capture.uncaptured(portOf(handle) || bound.port, bound.why);
        return error;
      }
      case 'held':
        this.#capture.listens(new Listener(bound.socket, handle), () => native(handle));
        return 0;
      case 'kept':
        return this.#listenAgain(handle, bound.socket, native);
    }
  }

  /** The server gets the kept handle in the place of the one that it made. */
  #listenAgain(made: TcpHandle, socket: HeldSocket, native: (handle: TcpHandle) => number): number {
    const server = ownerOf(made) as { _handle?: TcpHandle } | null;
    const kept = server?._handle === made ? socket.takeKept() : null;
    if (server === null || kept === null) return addressInUse();
    const { handle } = kept;
    handle.onconnection = made.onconnection as NonNullable<TcpHandle['onconnection']>;
    setOwner(handle, made, server);
    server._handle = handle;
    handle.ref();
    made.close();
    this.#capture.listens(new Listener(socket, handle), () => {
      const error = native(handle);
      if (error === 0) for (const client of kept.takeWaiting()) handle.onconnection?.(0, client);
      return error;
    });
    return 0;
  }

  /** Clients bind too, to a local address. */
  #isServer(handle: TcpHandle): boolean {
    if (this.#serverType === null) {
      const sample = new this.#tcp.TCP(this.#tcp.constants.SERVER);
      this.#serverType = sample.getProviderType();
      sample.close();
    }
    return handle.getProviderType() === this.#serverType;
  }
}

function portOf(handle: TcpHandle): number | undefined {
  const found: { port?: number } = {};
  return handle.getsockname(found) === 0 ? found.port : undefined;
}

/** `node:os` takes 0.5 ms. */
function addressInUse(): number {
  const { constants } = require('node:os') as typeof import('node:os');
  return -constants.errno.EADDRINUSE;
}
