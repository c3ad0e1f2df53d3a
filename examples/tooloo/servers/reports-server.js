// reports-server (Fastify): figures over everything. The summary is loaded with the first request for it.
// It listens on "localhost", Fastify's default: on 127.0.0.1 and on ::1.
import Fastify from 'fastify';
import { health } from '../engine/health.js';
import * as log from '../engine/logger.js';

const name = 'reports-server';
const port = Number(process.env.PORT ?? 3008);
const app = Fastify();
let drawn = 0;

app.addHook('onResponse', async (req, reply) => {
  log.request(req.method, req.url, reply.statusCode, reply.elapsedTime);
});

app.get('/', async () => ({ service: name, try: ['/api/summary', '/api/summary.csv'] }));

app.get('/health', async () => health(name, { drawn }));

app.get('/api/summary', async () => {
  const { summarise } = await loadSummary();
  return summarise();
});

app.get('/api/summary.csv', async (_req, reply) => {
  const { asCsv, summarise } = await loadSummary();
  return reply.type('text/csv').send(asCsv(summarise()));
});

async function loadSummary() {
  const started = performance.now();
  const summary = await import('../engine/summary.js');
  if (drawn === 0) log.info(`job report: summary loaded in ${Math.round(performance.now() - started)} ms`);
  drawn += 1;
  return summary;
}

await app.listen({ port });
log.info(`${name} listens on http://localhost:${port}`);

process.once('SIGTERM', async () => {
  log.info(`closing after ${drawn} reports`);
  await app.close();
  process.exit(0);
});
