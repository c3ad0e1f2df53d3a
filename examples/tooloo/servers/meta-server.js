// meta-server (plain node:http): which version runs, and which features are on.
import { createServer } from 'node:http';
import { health } from '../engine/health.js';
import * as log from '../engine/logger.js';
import release from '../engine/release.cjs';

const name = 'meta-server';
const port = Number(process.env.PORT ?? 3002);

const routes = {
  'GET /': () => ({
    service: name,
    ...release,
    try: ['/api/version', '/api/flags', 'POST /api/flags/voice-coach'],
  }),
  'GET /health': () => health(name),
  'GET /api/version': () => ({ version: release.version, codename: release.codename, node: process.version }),
  'GET /api/flags': () => release.flags,
};

function answer(method, path) {
  const route = routes[`${method} ${path}`];
  if (route !== undefined) return [200, route()];
  const flag = path.startsWith('/api/flags/') ? path.slice('/api/flags/'.length) : '';
  if (method === 'POST' && Object.hasOwn(release.flags, flag)) return [200, toggle(flag)];
  return [404, { error: `nothing at ${method} ${path}` }];
}

function toggle(flag) {
  release.flags[flag] = !release.flags[flag];
  setImmediate(() => log.info(`job flags: ${flag} is ${release.flags[flag] ? 'on' : 'off'} now`));
  return { [flag]: release.flags[flag] };
}

const server = createServer((req, res) => {
  log.requests(req, res);
  const [status, body] = answer(req.method, req.url.split('?')[0]);
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(`${JSON.stringify(body)}\n`);
});

server.listen(port, '127.0.0.1', () => log.info(`${name} listens on http://127.0.0.1:${port}`));
