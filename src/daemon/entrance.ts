/**
 * The daemon's socket from its first moment on: a client that comes while the daemon recovers is greeted at once, since
 * somebody is there again, and waits for the rest.
 */
import type { DaemonRecord } from '../contract/daemon-record.ts';
import type { Reply } from '../contract/protocol.ts';
import { turn } from '../platform/turn.ts';
import type { Handler, Listener } from './conversation.ts';
import { type ControlServer, listen } from './server.ts';

export interface Entrance extends ControlServer {
  /** From now on requests are carried out, those that wait first. */
  open(listener: Listener): void;
}

/** `workspace`: absolute. Rejects with UserError where nobody can listen. */
export async function openEntrance(record: DaemonRecord, workspace: string): Promise<Entrance> {
  let open: (listener: Listener) => void = () => undefined;
  const opened = new Promise<Listener>((resolve) => {
    open = resolve;
  });
  const greet: Handler = async (_hello, send) => send(greeting(record, workspace));
  let handle = greet;
  const server = await listen(record.socket, {
    understand: async (raw) => (await opened).understand(raw),
    handle: (request, send, signal) => handle(request, send, signal),
  });
  return {
    ...server,
    open(listener) {
      handle = listener.handle;
      open(listener);
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
