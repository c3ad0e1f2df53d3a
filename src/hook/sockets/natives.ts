/** Node's handles below `net`, as far as they are used here. */
import { binding } from '../bindings.ts';

/** Methods that fail return a negative errno. */
export interface TcpHandle {
  onconnection?: (this: TcpHandle, error: number | undefined, client: StreamHandle) => void;
  open(fd: number): number;
  listen(backlog: number): number;
  close(done?: () => void): void;
  ref(): void;
  unref(): void;
  getsockname(out: SocketAddress): number;
  getProviderType(): number;
}

/** Of a connection. */
export interface StreamHandle {
  close(): void;
}

export interface SocketAddress {
  address?: string;
  family?: string;
  port?: number;
}

export interface TcpBinding {
  TCP: { new (type: number): TcpHandle; prototype: TcpHandle & Record<string, unknown> };
  constants: { SERVER: number; UV_TCP_IPV6ONLY?: number; UV_TCP_REUSEPORT?: number };
}

export function tcpBinding(): TcpBinding | null {
  return binding('tcp_wrap') as TcpBinding | null;
}

/** The server or socket that a handle belongs to: net.js sets it before it listens. */
export function ownerOf(handle: object): object | null {
  const owner = symbolValue(handle, 'owner_symbol');
  return typeof owner === 'object' ? owner : null;
}

export function setOwner(handle: object, like: object, owner: object): void {
  const symbol = symbolNamed(like, 'owner_symbol');
  if (symbol !== undefined) (handle as Record<symbol, unknown>)[symbol] = owner;
}

/** What an object holds under one of Node's own symbols, which nobody else can name. */
export function symbolValue(object: object, description: string): unknown {
  const symbol = symbolNamed(object, description);
  return symbol === undefined ? undefined : (object as Record<symbol, unknown>)[symbol];
}

function symbolNamed(object: object, description: string): symbol | undefined {
  return Object.getOwnPropertySymbols(object).find((symbol) => symbol.description === description);
}

/** An own method over the prototype's, which shows in no listing. */
export function override(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, configurable: true, writable: true, enumerable: false });
}
