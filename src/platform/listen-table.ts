/**
 * The kernel's table of listening TCP sockets, read a line at a time: /proc/net/tcp and tcp6, proc_pid_net(5).
 *
 * Listening sockets come first in it, and after them the kernel walks every bucket of its table of
 * connections, of which a machine with much memory has hundreds of thousands: 7 ms for each of the two files,
 * where 24 GB are built in. seq_file stops as soon as a read has its bytes, so short reads that end with
 * the line that is looked for cost next to nothing.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { withReserve } from './reserve.ts';

export type Family = 4 | 6;

export interface Listener {
  port: number;
  /** As /proc/PID/fd shows it: `socket:[INODE]`. */
  socket: string;
  /** Connections that its program has not accepted yet. Absent: not known. */
  waiting?: number;
}

/** Shorter than two lines, so that no line is produced in vain. */
const READ_BYTES = 192;
/** `st` of a row: TCP_LISTEN in the kernel's include/net/tcp_states.h. */
const LISTEN = '0A';

/** Stop iterating as early as possible: the end is what costs. */
export function* listenersOf(family: Family, proc: string): Generator<Listener> {
  let fd: number;
  try {
    fd = withReserve(() => openSync(`${proc}/net/${family === 4 ? 'tcp' : 'tcp6'}`, 'r'));
  } catch {
    return;
  }
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  let text = '';
  try {
    for (let count = readSync(fd, buffer); count > 0; count = readSync(fd, buffer)) {
      const lines = (text + buffer.toString('latin1', 0, count)).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const row = parseRow(line);
        if (row === null) continue;
        if (row === 'other') return;
        yield row;
      }
    }
  } finally {
    closeSync(fd);
  }
}

/** `  0: 0100007F:0BB8 00000000:0000 0A …  INODE …`; null for the heading, `other` for a socket that does not listen. */
export function parseRow(line: string): Listener | 'other' | null {
  const fields = line.trim().split(/\s+/);
  const port = Number.parseInt(fields[1]?.split(':')[1] ?? '', 16);
  if (!Number.isInteger(port) || fields[9] === undefined) return null;
  if (fields[3] !== LISTEN) return 'other';
  const waiting = Number.parseInt(fields[4]?.split(':')[1] ?? '', 16);
  return { port, socket: `socket:[${fields[9]}]`, ...(waiting > 0 && { waiting }) };
}
