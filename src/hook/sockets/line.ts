/** The one line that a client of the control socket sends. */
import type { Socket } from 'node:net';
import { MAX_CONTROL_LINE_BYTES } from '../../contract/sockets.ts';

const NEWLINE = 10;

/**
 * `take` gets it without its end, empty when it is too long, once the socket is as if nothing had been read:
 * what follows the line is the next thing that is read from it.
 */
export function readLine(socket: Socket, take: (line: string) => void): void {
  const chunks: Buffer[] = [];
  const onReadable = () => {
    for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
      chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const end = bytes.indexOf(NEWLINE);
      if (end === -1 && bytes.length < MAX_CONTROL_LINE_BYTES) continue;
      socket.off('readable', onReadable);
      if (end !== -1 && end + 1 < bytes.length) socket.unshift(bytes.subarray(end + 1));
      const line = end === -1 || end >= MAX_CONTROL_LINE_BYTES ? '' : bytes.toString('latin1', 0, end);
      // By then the stream knows that nobody waits for 'readable' any more.
      setImmediate(take, line);
      return;
    }
  };
  socket.on('readable', onReadable);
}
