// budget-server (Fastify): the ledger and its balance. It logs as JSON, as Fastify does by default.
import Fastify, { LogController } from 'fastify';
import { health } from '../engine/health.js';
import { addEntry, allEntries, balance } from '../engine/ledger.js';

const name = 'budget-server';
const port = Number(process.env.PORT ?? 3003);
const app = Fastify({
  logger: { base: null },
  logController: new LogController({ disableRequestLogging: true }),
});

app.addHook('onResponse', async (req, reply) => {
  const ms = Math.round(reply.elapsedTime * 10) / 10;
  app.log.info({ method: req.method, path: req.url, status: reply.statusCode, ms }, 'request');
});

app.get('/', async () => ({
  service: name,
  balance: balance().amount,
  try: ['/api/ledger', '/api/balance'],
}));

app.get('/health', async () => health(name));

app.get('/api/balance', async () => balance());

app.get('/api/ledger', async () => ({ balance: balance(), entries: allEntries() }));

const entrySchema = {
  type: 'object',
  required: ['account', 'cents'],
  properties: {
    account: { type: 'string', enum: ['compute', 'courses', 'prizes'] },
    cents: { type: 'integer' },
    note: { type: 'string', default: '' },
  },
};

app.post('/api/ledger', { schema: { body: entrySchema } }, async (req, reply) => {
  const entry = addEntry(req.body);
  setImmediate(() =>
    app.log[balance().cents < 0 ? 'warn' : 'info']({ balance: balance().amount }, 'job: balance drawn up'),
  );
  return reply.code(201).send(entry);
});

await app.listen({ port, host: '127.0.0.1' });

process.once('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});
