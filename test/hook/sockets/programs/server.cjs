// A server of the kind that is asked for: node server.cjs KIND [NAME]. It answers with its name.
const http = require('node:http');
const [kind, name = 'app'] = process.argv.slice(2);
const port = Number(process.env.PORT);
const anonymous = { ciphers: 'AECDH-AES128-SHA:@SECLEVEL=0', maxVersion: 'TLSv1.2', minVersion: 'TLSv1.2' };

function answer(request, response) {
  if (request.url === '/slow') {
    // Begins now, goes on, and ends when it is told to by a line on another request.
    response.write('begun ');
    process.once('upkeep-test-finish', () => response.end('finished'));
  } else if (request.url === '/finish') {
    process.emit('upkeep-test-finish');
    response.end('ok');
  } else if (request.url === '/who') {
    const { remoteAddress, localAddress, localPort } = request.socket;
    response.end(JSON.stringify([remoteAddress, localAddress, localPort === port]));
  } else response.end(name);
}

const makers = {
  http: () => http.createServer(answer).listen(port, said),
  https: () => require('node:https').createServer(anonymous, answer).listen(port, said),
  http2: () => require('node:http2').createServer(answer).listen(port, said),
  http2s: () => require('node:http2').createSecureServer(anonymous, answer).listen(port, said),
  net: () =>
    require('node:net')
      .createServer((socket) => socket.end(name))
      .listen(port, said),
  tls: () =>
    require('node:tls')
      .createServer(anonymous, (socket) => socket.end(name))
      .listen(port, said),
  four: () => http.createServer(answer).listen(port, '127.0.0.1', said),
  ws() {
    const { WebSocketServer } = require('ws');
    const server = http.createServer(answer);
    new WebSocketServer({ server }).on('connection', (socket) => socket.send(name));
    server.listen(port, said);
  },
  // As loaders, mocks and fake timers do, and worse.
  patched() {
    const server = http.createServer(answer);
    const { Module } = require('node:module');
    const broken = () => {
      throw new Error("not the hook's to call");
    };
    const timers = ['setTimeout', 'clearTimeout', 'setImmediate'].map((key) => [globalThis, key]);
    const loader = [
      [Module.prototype, '_compile'],
      [Module.prototype, 'require'],
      [Module, '_load'],
    ];
    const before = [...timers, ...loader].map(([owner, key]) => [owner, key, owner[key]]);
    for (const [owner, key] of before) owner[key] = broken;
    server.listen(port, () => {
      for (const [owner, key, own] of before) owner[key] = own;
      said();
    });
  },
  'own-ws'() {
    const { createHash } = require('node:crypto');
    const server = http.createServer(answer);
    server.on('upgrade', (request, socket) => {
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      const accept = createHash('sha1').update(key).digest('base64');
      const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
      socket.write(`${[...head, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`);
      socket.write(Buffer.concat([Buffer.from([0x81, name.length]), Buffer.from(name)]));
      socket.resume().on('end', () => socket.end());
    });
    server.listen(port, said);
  },
  express: () =>
    require('express')()
      .get('/', (_request, response) => response.send(name))
      .listen(port, said),
  async fastify() {
    const app = require('fastify')();
    app.get('/', () => name);
    await app.listen({ port });
    said();
  },
  async koa() {
    const { default: Koa } = await import('koa');
    new Koa().use((context) => Object.assign(context, { body: name })).listen(port, said);
  },
  async hono() {
    const [{ Hono }, { serve }] = await Promise.all([import('hono'), import('@hono/node-server')]);
    serve({ fetch: new Hono().get('/', (context) => context.text(name)).fetch, port }, said);
  },
  reusePort: () => http.createServer(answer).listen({ port, reusePort: true }, said),
  ipv6Only: () => http.createServer(answer).listen({ port, host: '::', ipv6Only: true }, said),
  'port 0': () => http.createServer(answer).listen(0, said),
  'not declared': () => http.createServer(answer).listen(Number(process.env.OTHER), said),
  worker() {
    const { Worker, isMainThread } = require('node:worker_threads');
    if (isMainThread) new Worker(__filename, { argv: process.argv.slice(2) });
    else makers.http();
  },
  cluster() {
    const cluster = require('node:cluster');
    if (cluster.isPrimary) cluster.fork();
    else makers.http();
  },
};

// Ends a slow answer from outside, when nobody can connect any more.
process.on('SIGUSR2', () => process.emit('upkeep-test-finish'));

function said() {
  console.log(`${name} listens`);
}
makers[kind]();
