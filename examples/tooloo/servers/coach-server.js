// coach-server (Hono): hints for learners who are stuck. The hints are loaded with the first request for one.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { health } from '../engine/health.js';
import * as log from '../engine/logger.js';

const name = 'coach-server';
const port = Number(process.env.PORT ?? 3004);
const attempts = new Map();
const app = new Hono();

app.use(async (c, next) => {
  const started = performance.now();
  await next();
  log.request(c.req.method, c.req.path, c.res.status, performance.now() - started);
});

app.get('/', (c) => c.json({ service: name, try: ['/api/hints/agents', '/api/hints/safety'] }));

app.get('/health', (c) => c.json(health(name, { asked: attempts.size })));

app.get('/api/hints/:course', async (c) => {
  const { hintFor } = await import('../engine/hints.js');
  const course = c.req.param('course');
  const attempt = attempts.get(course) ?? 0;
  const hint = hintFor(course, attempt);
  if (hint === undefined) return c.json({ error: `no course "${course}"` }, 404);
  attempts.set(course, attempt + 1);
  if (attempt === 2) log.warn(`three hints for ${course}: is the course too hard?`);
  return c.json({ ...hint, attempt: attempt + 1 });
});

serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () =>
  log.info(`${name} listens on http://127.0.0.1:${port}`),
);
