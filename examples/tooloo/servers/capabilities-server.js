// capabilities-server (Hono): who can do what, and where to ask for it.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { services, urlOf } from '../engine/directory.js';
import { health } from '../engine/health.js';
import * as log from '../engine/logger.js';

const name = 'capabilities-server';
const port = Number(process.env.PORT ?? 3009);
const app = new Hono();

const capabilities = new Map([
  ['teach', 'training-server'],
  ['hint', 'coach-server'],
  ['compare-answers', 'cup-server'],
  ['count-money', 'budget-server'],
  ['draw-report', 'reports-server'],
  ['brief', 'orchestrator'],
]);

app.use(async (c, next) => {
  const started = performance.now();
  await next();
  log.request(c.req.method, c.req.path, c.res.status, performance.now() - started);
});

app.get('/', (c) => c.json({ service: name, try: ['/api/capabilities', '/api/capabilities/hint'] }));

app.get('/health', (c) => c.json(health(name, { capabilities: capabilities.size })));

app.get('/api/capabilities', (c) => c.json(Object.fromEntries(capabilities)));

app.get('/api/capabilities/:what', (c) => {
  const what = c.req.param('what');
  const service = capabilities.get(what);
  if (service === undefined) return c.json({ error: `nobody can "${what}"` }, 404);
  return c.json({ what, service, url: urlOf(service) });
});

app.put('/api/capabilities/:what', async (c) => {
  const what = c.req.param('what');
  const { service } = await c.req.json().catch(() => ({}));
  if (!services.includes(service)) return c.json({ error: 'wanted: {"service": "coach-server"}' }, 400);
  capabilities.set(what, service);
  setImmediate(() => log.info(`job registry: ${service} can ${what}, ${capabilities.size} capabilities`));
  return c.json({ what, service }, 201);
});

serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () =>
  log.info(`${name} listens on http://127.0.0.1:${port}`),
);
