/**
 * Held sockets: what the daemon, the shim and the hook inside a Node process agree on so that a port outlives
 * the runs that serve it. The daemon binds, without listening, the addresses of a declared port; the shim holds
 * them; every run inherits them by number, and a hook lets the app listen on one of them.
 *
 * The control socket of a run: whoever connects sends one line.
 * - `attach`: the gate opens, connections are accepted. Answer: `attached`, or `failed CODE`.
 * - `drain MS`: nothing more is accepted, HTTP answers carry `Connection: close`, websockets are closed with 1012.
 *   Answers: `draining` at once, and `drained N R` when no connection is left or after MS; N are still open, and R
 *   requests (HTTP/1 requests, HTTP/2 streams) were under way or came since it was first told to.
 * - `open PORT`: from here on this is a client connection of the app's server on that port, gated or not.
 * - anything else: `what?`.
 */

/** Holds `formatSockets` of what a run inherits. */
export const SOCKETS_VARIABLE = 'UPKEEP_SOCKETS';

/** Holds the absolute path of the control socket to be made; a second process of the run adds `.` and its pid. */
export const CONTROL_VARIABLE = 'UPKEEP_CONTROL';

/** Bytes of that path: with the pid it must fit into sun_path (unix(7): 108 with the final NUL). */
export const MAX_CONTROL_PATH_BYTES = 100;

/** Bytes of a line that is sent to a control socket, its end included. */
export const MAX_CONTROL_LINE_BYTES = 256;

/** Holds a `GateSetting`. */
export const GATE_VARIABLE = 'UPKEEP_GATE';

/** `wait`: an older run still serves, accepting is put off until `attach`. `open`: accept at once. */
export type GateSetting = 'wait' | 'open';

/** A file beside the run's report: the daemon had approved of the run, whether or not it came to say so. */
export const APPROVED_FILE = 'approved';

/** ms without any connection to the control socket after which a gate opens by itself: nobody will come. */
export const GATE_ALONE_MS = 30_000;

/** ms for which a draining run leaves an idle connection, whose client may be about to send. */
export const IDLE_GRACE_MS = 300;

/** Addresses that are held of a port, as far as they can be bound. */
export const HELD_ADDRESSES = ['::', '0.0.0.0', '127.0.0.1', '::1'] as const;
export type HeldAddress = (typeof HELD_ADDRESSES)[number];

/**
 * Numbers from here on pass a Node process to its children, if the one before is closed: at its start libuv
 * marks all up to the first closed number past 15 as close-on-exec (uv_disable_stdio_inheritance).
 */
export const FIRST_SOCKET_FD = 17;

/** Descriptors a socket is inherited as: listening again after a close uses another. */
export const SOCKET_COPIES = 3;

export interface HeldSocket {
  /** 1 to 65535. */
  port: number;
  address: HeldAddress;
  /** Descriptors of the same open socket. */
  fds: number[];
}

/** `3000/::`, as report lines and the environment name it. */
export const socketName = ({ port, address }: Pick<HeldSocket, 'port' | 'address'>) => `${port}/${address}`;

/** `3000/::=17,21,25 3000/0.0.0.0=18,22,26`. */
export function formatSockets(sockets: Iterable<HeldSocket>): string {
  return Array.from(sockets, (socket) => `${socketName(socket)}=${socket.fds.join()}`).join(' ');
}

/** What is understood of it; the rest is left out. */
export function parseSockets(text: string): HeldSocket[] {
  return text.split(' ').flatMap((word) => {
    const [, port, address, fds] = /^(\d{1,5})\/([\d.:]+)=(\d{1,9}(?:,\d{1,9})*)$/.exec(word) ?? [];
    if (fds === undefined || !isHeldAddress(address) || !isPort(Number(port))) return [];
    const numbers = fds.split(',').map(Number);
    return [{ port: Number(port), address, fds: numbers.filter((fd) => fd > 2) }];
  });
}

const isPort = (port: number) => port >= 1 && port <= 65_535;
const isHeldAddress = (address: string | undefined): address is HeldAddress =>
  (HELD_ADDRESSES as readonly (string | undefined)[]).includes(address);
