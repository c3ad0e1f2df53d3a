/**
 * The daemon's socket from its first moment on: a client that comes while the daemon recovers is greeted at once, since
 * somebody is there again, and waits for the rest.
 */
import type { DaemonRecord } from '../contract/daemon-record.ts';
import type { Reply } from '../contract/protocol.ts';
import { turn } from '../platform/turn.ts';
import type { Handler } from './conversation.ts';
import { type ControlServer, listen } from './server.ts';

export interface Entrance extends ControlServer {
  /** From now on requests are carried out, those that wait first. */
  open(handle: Handler): void;
}

/** `workspace`: absolute. Rejects with UserError where nobody can listen. */
export async function openEntrance(record: DaemonRecord, workspace: string): Promise<Entrance> {
  let handle: Handler | null = null;
  const waiting: (() => void)[] = [];
  const server = await listen(record.socket, async (request, send, signal) => {
    if (handle === null && request.method === 'hello') return send(greeting(record, workspace));
    if (handle === null) await new Promise<void>((resolve) => waiting.push(resolve));
    await handle?.(request, send, signal);
  });
  return {
    ...server,
    open(its) {
      handle = its;
      for (const goOn of waiting.splice(0)) goOn();
    },
  };
}

export function greeting({ protocol, version, process, startedAt }: DaemonRecord, workspace: string): Reply {
  return { type: 'hello', protocol, version, pid: process.pid, startedAt, workspace };
}

/** Turns of the event loop in which a client that has come is accepted, read and greeted. */
const TURNS = 3;

/** While a start reads what there is, and nothing of it is alive yet: whoever has come meanwhile is greeted. */
export async function greetMeanwhile(): Promise<void> {
  for (let count = 0; count < TURNS; count++) await turn();
}
