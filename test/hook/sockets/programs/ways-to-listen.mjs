// Listens in every way there is, one after the other, and prints what an app can see of it.
import cluster from 'node:cluster';
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';

const ports = process.env.PORTS.split(',').map(Number);
// A held socket that has listened does so for good: each host has a port of its own, as it does in life.
const [port, other, four, local, six, only, shared, far, spare] = ports;
// Without a certificate, of which none has to be kept here.
const anonymous = {
  ciphers: 'AECDH-AES128-SHA:@SECLEVEL=0',
  maxVersion: 'TLSv1.2',
  minVersion: 'TLSv1.2',
  rejectUnauthorized: false,
};
const answer = (_request, response) => response.end('answer');
const httpServer = () => http.createServer(answer);

/** Name → what gives a server that is about to listen. */
const ways = {
  'http, port': (on) => httpServer().listen(port, on),
  'port as text': (on) => httpServer().listen(`${port}`, on),
  'no callback': () => httpServer().listen(port),
  'port, undefined, callback': (on) => httpServer().listen(port, undefined, on),
  'port, null': (on) => httpServer().listen(port, null, on),
  'port and 0.0.0.0': (on) => httpServer().listen(four, '0.0.0.0', on),
  'port and 127.0.0.1': (on) => httpServer().listen(local, '127.0.0.1', on),
  'port and ::': (on) => httpServer().listen(port, '::', on),
  'port and ::1': (on) => httpServer().listen(six, '::1', on),
  'port and ::1 in full': (on) => httpServer().listen(six, '0:0:0:0:0:0:0:1', on),
  'port and localhost': (on) => httpServer().listen(local, 'localhost', on),
  'port, host, backlog': (on) => httpServer().listen(local, '127.0.0.1', 10, on),
  'port and backlog': (on) => httpServer().listen(port, 10, on),
  options: (on) => httpServer().listen({ port }, on),
  'options, all': (on) =>
    httpServer().listen({ port: four, host: '0.0.0.0', backlog: 5, readableAll: true }, on),
  'options, port as text': (on) => httpServer().listen({ port: `${local}`, host: 'localhost' }, on),
  exclusive: (on) => httpServer().listen({ port, exclusive: true }, on),
  ipv6Only: (on) => httpServer().listen({ port: only, host: '::', ipv6Only: true }, on),
  reusePort: (on) => httpServer().listen({ port: shared, reusePort: true }, on),
  'a signal': (on) => httpServer().listen({ port, signal: new AbortController().signal }, on),
  'an aborted signal': (on) => httpServer().listen({ port, signal: AbortSignal.abort() }, on),
  'a signal that aborts': (on) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    return httpServer().listen({ port, signal: controller.signal }, on);
  },
  net: (on) =>
    net.createServer((socket) => socket.resume().end('HTTP/1.0 200 OK\r\n\r\nraw')).listen(port, on),
  'net, paused': (on) =>
    net
      .createServer({ pauseOnConnect: true }, (socket) => socket.resume().end('HTTP/1.0 200 OK\r\n\r\nraw'))
      .listen(port, on),
  'net, one at a time': (on) => {
    const server = net.createServer((socket) => socket.resume().end('HTTP/1.0 200 OK\r\n\r\nraw'));
    server.maxConnections = 1;
    return server.listen(port, on);
  },
  https: (on) => https.createServer(anonymous, answer).listen(port, on),
  tls: (on) =>
    tls
      .createServer(anonymous, (socket) => socket.resume().end('HTTP/1.0 200 OK\r\n\r\nraw'))
      .listen(port, on),
  'http2, plain': (on) => http2.createServer(answer).listen(port, on),
  'http2, secure': (on) =>
    http2.createSecureServer({ ...anonymous, allowHTTP1: true }, answer).listen(port, on),
  'port 0': (on) => httpServer().listen(0, '127.0.0.1', on),
  'a handle': (on) => {
    const bound = net._createServerHandle('127.0.0.1', 0, 4);
    return httpServer().listen(bound, on);
  },
  'a host that is not here': (on) => httpServer().listen(far, '192.0.2.1', on),
  'a name that is none': (on) => httpServer().listen(port, 'no-such-host.invalid', on),
  'a bad port': (on) => httpServer().listen(70_000, on),
  'not referenced': (on) => httpServer().listen(port, on).unref(),
};

const ask = (url) =>
  new Promise((resolve) => {
    const { get } = url.startsWith('https') ? https : http;
    const request = get(url, { ...anonymous, agent: false }, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      const { socket } = request;
      resolve(`${response.statusCode} ${text} ${socket.remoteFamily} ${socket.remotePort > 1024}`);
    });
    request.on('error', ({ code }) => resolve(code));
  });

async function askHttp2(url) {
  const session = http2.connect(url, anonymous);
  const stream = session.request({ ':path': '/' });
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  session.close();
  return text;
}

const known = (address) => address && { ...address, port: ports.includes(address.port) ? 'held' : 'any' };
const hide = (text) => ports.reduce((hidden, one) => hidden.replaceAll(one, 'PORT'), String(text));

function tell(name, server, say) {
  for (const event of ['listening', 'connection', 'close', 'error']) {
    server.on(event, (what) =>
      say(event, event === 'error' ? `${hide(what.stack)} ${what.code} ${what.syscall}` : ''),
    );
  }
  say(name, 'listening:', server.listening, JSON.stringify(known(server.address?.())));
}

async function attempt(name, way) {
  console.log(`== ${name}`);
  const order = [];
  const say = (...words) => order.push(words.join(' '));
  let server;
  try {
    server = way(() => say('callback'));
  } catch (error) {
    console.log('threw', hide(error.stack));
    return;
  }
  tell('at once', server, say);
  process.nextTick(() => say('nextTick'));
  Promise.resolve().then(() => say('promise'));
  await new Promise((resolve) => setImmediate(resolve));
  await Promise.race([
    once(server, 'listening').catch(() => {}),
    new Promise((resolve) => setTimeout(resolve, 30)),
  ]);
  say(
    'then',
    server.listening,
    JSON.stringify(known(server.address())),
    server._connectionKey?.replace(/\d+$/, ''),
  );
  if (server.listening) {
    for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
      const scheme = name === 'https' || name === 'tls' ? 'https' : 'http';
      say(
        host,
        name.startsWith('http2') ? 'http2' : await ask(`${scheme}://${host}:${server.address().port}/`),
      );
    }
    if (name === 'http2, plain') say(await askHttp2(`http://localhost:${port}`));
    if (name === 'http2, secure')
      say(await askHttp2(`https://localhost:${port}`), await ask(`https://localhost:${port}/`));
    const [, count] = await new Promise((resolve) => server.getConnections((...all) => resolve(all)));
    say(
      'connections',
      count,
      server._connections,
      server
        .eventNames()
        .filter((event) => event !== 'session')
        .map(String),
      Object.keys(server)
        .filter((key) => !key.startsWith('_events'))
        .join(),
    );
    server.close(() => say('close callback'));
    say('closed', server.listening, server.address());
    await once(server, 'close');
  }
  console.log(order.join('\n'));
}

for (const [name, way] of Object.entries(ways)) await attempt(name, way);

console.log('== two servers on one port');
const first = httpServer().listen(port);
await once(first, 'listening');
for (const host of [undefined, '0.0.0.0', '127.0.0.1', '::1']) {
  const [error] = await Promise.all([once(httpServer().listen(port, host), 'error')]).then(([it]) => it);
  console.log(hide(error.stack), error.code, error.errno, error.address, error.port === port);
}
try {
  first.listen(port);
} catch (error) {
  console.log(error.code);
}
first.close();
await once(first, 'close');

console.log('== side by side');
const sides = [
  httpServer().listen(local, '127.0.0.1'),
  httpServer().listen(six, '::1'),
  httpServer().listen(other),
];
await Promise.all(sides.map((server) => once(server, 'listening')));
for (const url of [`http://127.0.0.1:${local}`, `http://[::1]:${six}`, `http://localhost:${other}`])
  console.log(await ask(url));
for (const server of sides) server.close();
await Promise.all(sides.map((server) => once(server, 'close')));

console.log('== closed and listening again');
const again = httpServer();
for (let round = 0; round < 8; round++) {
  again.listen(local, '127.0.0.1');
  await once(again, 'listening');
  console.log(round, await ask(`http://127.0.0.1:${local}/`), JSON.stringify(known(again.address())));
  again.close();
  await once(again, 'close');
}
await new Promise((resolve) => again.listen(local, '127.0.0.1', () => again.close(resolve)));
await new Promise((resolve) => again.listen(local, '127.0.0.1', resolve));
const twice = httpServer().listen(local, '127.0.0.1');
console.log((await once(twice, 'error'))[0].code, await ask(`http://127.0.0.1:${local}/`));
again.close();
await once(again, 'close');

console.log('== tried first, and asked from its own callback');
const probe = net.createServer();
probe.listen(far, () => probe.close());
await once(probe, 'close');
const self = httpServer();
console.log(
  await new Promise((resolve) =>
    self.listen(far, '127.0.0.1', () => resolve(ask(`http://127.0.0.1:${far}/`))),
  ),
);
self.close();
await once(self, 'close');

console.log('== a client with a local port');
const away = net
  .createServer((socket) => socket.end(`${socket.remotePort === spare}`))
  .listen(0, '127.0.0.1');
await once(away, 'listening');
const near = net.connect({
  port: away.address().port,
  host: '127.0.0.1',
  localPort: spare,
  localAddress: '127.0.0.1',
});
console.log(String((await once(near, 'data'))[0]));
near.destroy();
away.close();

console.log('== what can be looked at');
for (const one of [net.Server.prototype.listen, http.Server.prototype.close, net.createServer])
  console.log(one.name, one.length, String(one).length);
console.log(process.eventNames().map(String), process._getActiveHandles().length, cluster.isPrimary);
