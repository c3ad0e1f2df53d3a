/** Who listens on which TCP port: /proc/net on Linux, lsof(8) elsewhere. */
import { readdirSync, readlinkSync } from 'node:fs';
import { childProcess } from './lazy-builtin.ts';
import { type Family, type Listener, listenersOf } from './listen-table.ts';

export interface Ports {
  /** The listening sockets of a family. Take no more of them than needed: see listen-table.ts. */
  listeners(family: Family): Iterable<Listener>;
  /** Whether the process holds one of these sockets. False as well when it may not be asked (another user's). */
  owns(pid: number, sockets: Set<string>): boolean;
  /**
   * Where the process holds the first of them; null when it holds none, or that cannot be told. `likely`: descriptors
   * that are looked at first.
   */
  trace(pid: number, sockets: Set<string>, likely?: readonly number[]): SocketTrace | null;
}

/** A symbolic link of /proc and what it points to while the socket is open: quicker to ask than the kernel's tables. */
export interface SocketTrace {
  /** `/proc/PID/fd/N` */
  link: string;
  /** `socket:[INODE]` */
  socket: string;
}

/** A listening socket cannot stop listening but by being closed (TCP), and then the link leads elsewhere. */
export function isOpen({ link, socket }: SocketTrace): boolean {
  return tryReadlink(link) === socket;
}

export function systemPorts(): Ports {
  return process.platform === 'linux' && process.env['UPKEEP_PLATFORM'] !== 'ps' ? linuxPorts() : lsofPorts();
}

/** Every socket that listens on the port. Reads both tables to their ends. */
export function socketsOn(ports: Ports, port: number): Set<string> {
  return new Set([...listening(ports)].filter((each) => each.port === port).map(({ socket }) => socket));
}

export function* listening(ports: Ports): Generator<Listener> {
  yield* ports.listeners(4);
  yield* ports.listeners(6);
}

/** Which of these ports nobody listens on. Ends early when all are found. */
export function silentPorts(ports: Ports, wanted: { port: number; family: Family }[]): Set<number> {
  const silent = new Set<number>();
  for (const family of [4, 6] as const) {
    const missing = new Set(wanted.filter((each) => each.family === family).map(({ port }) => port));
    if (missing.size === 0) continue;
    for (const { port } of ports.listeners(family)) {
      missing.delete(port);
      if (missing.size === 0) break;
    }
    for (const port of missing) silent.add(port);
  }
  return silent;
}

export function linuxPorts(proc = '/proc'): Ports {
  const at = (pid: number, fds: Iterable<number | string>, sockets: Set<string>): SocketTrace | null => {
    for (const fd of fds) {
      const link = `${proc}/${pid}/fd/${fd}`;
      const socket = tryReadlink(link);
      if (sockets.has(socket)) return { link, socket };
    }
    return null;
  };
  const trace = (pid: number, sockets: Set<string>, likely: readonly number[] = []) =>
    at(pid, likely, sockets) ?? at(pid, descriptors(`${proc}/${pid}/fd`), sockets);
  return {
    listeners: (family) => listenersOf(family, proc),
    owns: (pid, sockets) => trace(pid, sockets) !== null,
    trace,
  };
}

/** `lsof` names the owner at once, so a socket's token is simply its owner's pid. */
function lsofPorts(): Ports {
  return {
    listeners: (family) => parseLsof(runLsof(family)),
    owns: (pid, sockets) => sockets.has(String(pid)),
    trace: () => null,
  };
}

/** Output of `lsof -F pn`: a `p` line names the process of the `n` lines after it. */
export function parseLsof(text: string): Listener[] {
  const found: Listener[] = [];
  let socket = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('p')) socket = line.slice(1);
    const port = /^n.*:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) found.push({ port: Number(port), socket });
  }
  return found;
}

function runLsof(family: Family): string {
  try {
    return childProcess().execFileSync('lsof', ['-nP', `-i${family}TCP`, '-sTCP:LISTEN', '-F', 'pn'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

function descriptors(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function tryReadlink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
