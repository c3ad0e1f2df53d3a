/**
 * Asking a url for its status, and nothing more. Not by Node's http client: its first use costs the daemon
 * 4 MB for good (43.4 to 47.5 MB resident, Node 20), and all that is wanted is the status line (RFC 9112, 4).
 */
import { connect, type Socket } from 'node:net';

const TIMEOUT_MS = 5_000;
/** A peer that has sent this much without a status line speaks something else. */
const LONGEST_STATUS_LINE = 64;
/** "HTTP/1.1 200 OK": what comes after it is not read. */
const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})/;

/** Opens a connection to whom is to be asked, in place of the url's own host. */
export type Dial = () => Socket;

/** One GET; `answer` is called once, with null when there was none. Returns the undo. */
export function get(
  url: string,
  answer: (status: number | null) => void,
  dial: Dial | null = null,
): () => void {
  const target = new URL(url);
  let over = false;
  let undo = () => {};
  const tryHosts = ([host, ...others]: string[]) => {
    if (host === undefined) return answer(null);
    const open = dial ?? (() => connect({ host, port: portOf(target) }));
    undo = getFrom(open, target, (status) => {
      if (over) return;
      if (status === null) tryHosts(others);
      else answer(status);
    });
  };
  tryHosts(dial === null ? hostsOf(target) : [target.hostname]);
  return () => {
    over = true;
    undo();
  };
}

/** Servers listen on either address of localhost, and Node 18 tries only one of them. */
function hostsOf({ hostname }: URL): string[] {
  return hostname === 'localhost' ? ['127.0.0.1', '::1'] : [hostname.replace(/^\[|\]$/g, '')];
}

function portOf({ protocol, port }: URL): number {
  return Number(port || (protocol === 'https:' ? 443 : 80));
}

function getFrom(open: Dial, target: URL, answer: (status: number | null) => void): () => void {
  let socket: Socket | null = null;
  let over = false;
  let end = () => {};
  const finish = (status: number | null) => {
    socket?.destroy();
    end();
    if (over) return;
    over = true;
    answer(status);
  };
  const use = (opened: Socket) => {
    socket = opened;
    let text = '';
    opened.setEncoding('latin1');
    opened.setTimeout(TIMEOUT_MS, () => finish(null));
    opened.once('error', () => finish(null));
    opened.once('close', () => finish(null));
    opened.on('data', (chunk: string) => {
      text += chunk;
      const status = STATUS_LINE.exec(text)?.[1];
      if (status !== undefined) finish(Number(status));
      else if (text.length > LONGEST_STATUS_LINE) finish(null);
    });
    opened.write(requestFor(target));
  };
  if (target.protocol === 'https:') {
    void import('node:tls').then(({ connect: connectTls }) => {
      // A development server's own certificate is good enough to see that it answers.
      if (over) return;
      const below = open();
      below.once('error', () => finish(null));
      below.once('close', () => finish(null));
      end = () => below.destroy();
      use(connectTls({ socket: below, rejectUnauthorized: false, servername: target.hostname }));
    });
  } else {
    use(open());
  }
  return () => {
    over = true;
    socket?.destroy();
    end();
  };
}

function requestFor({ pathname, search, host }: URL): string {
  return `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nAccept: */*\r\nUser-Agent: upkeep\r\nConnection: close\r\n\r\n`;
}
