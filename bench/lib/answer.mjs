// When does a server answer? Asked over a bare socket, one server after the other: asking has to cost
// next to nothing, since the servers that start need the same cores.
import { connect } from 'node:net';
import { sleep } from './wait.mjs';

/** Resolves when every port has answered GET `path` with 200, in any order. Rejects after `timeout` ms. */
export async function allAnswer(ports, { path = '/health', interval = 2, timeout = 60_000 } = {}) {
  const deadline = performance.now() + timeout;
  for (const port of ports) await answer(port, { path, interval, deadline });
}

/** The body of the first answer that `accept` likes. */
export async function answer(port, { path = '/', interval = 1, deadline, accept = () => true }) {
  for (;;) {
    const body = await ask(port, path);
    if (body !== null && accept(body)) return body;
    if (performance.now() > deadline) throw new Error(`nothing answers on port ${port}`);
    await sleep(interval);
  }
}

/** Null when it does not answer, or not with 200. */
function ask(port, path) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let text = '';
    socket.setEncoding('utf8');
    socket.setTimeout(2000, () => socket.destroy());
    socket.once('connect', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    });
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.once('error', () => undefined);
    socket.once('close', () => {
      const end = text.indexOf('\r\n\r\n');
      resolve(text.startsWith('HTTP/1.1 200') && end > 0 ? text.slice(end + 4) : null);
    });
  });
}
