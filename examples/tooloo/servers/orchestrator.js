// orchestrator (Express 5): asks the other ten how they are, and makes one briefing of what they know.
import express from 'express';
import { ask, check, services } from '../engine/directory.js';
import { health } from '../engine/health.js';
import * as log from '../engine/logger.js';

const name = 'orchestrator';
const port = Number(process.env.PORT ?? 3123);
const others = services.filter((service) => service !== name);
const app = express();

app.use(log.requests);

app.get('/', async (_req, res) => {
  const found = await Promise.all(others.map((service) => check(service)));
  const missing = found.filter((one) => one.status !== 'ok').map((one) => one.service);
  if (missing.length > 0) log.warn(`no answer from ${missing.join(', ')}`);
  res.json({
    service: name,
    well: others.length - missing.length,
    of: others.length,
    missing,
    try: ['/api/briefing'],
  });
});

app.get('/health', (_req, res) => {
  res.json(health(name, { knows: others.length }));
});

// What the briefing is made of. A part whose server is not there is left out and named as missing.
const parts = {
  release: ['meta-server', '/api/version'],
  balance: ['budget-server', '/api/balance'],
  hint: ['coach-server', '/api/hints/agents'],
  cup: ['cup-server', '/api/cup'],
  figures: ['reports-server', '/api/summary'],
  segments: ['segmentation-server', '/api/segments'],
};

app.get('/api/briefing', async (_req, res) => {
  const answers = await Promise.all(Object.values(parts).map(([service, path]) => ask(service, path)));
  const briefing = {};
  const missing = [];
  for (const [i, [part, [service]]] of Object.entries(parts).entries()) {
    if (answers[i] === null) missing.push(service);
    else briefing[part] = answers[i];
  }
  res.json({ at: new Date().toISOString(), missing, briefing });
  log.info(`job briefing: ${answers.length - missing.length} of ${answers.length} parts`);
});

const server = app.listen(port, '127.0.0.1', (error) => {
  if (error) throw error;
  log.info(`${name} listens on http://127.0.0.1:${port}`);
});

process.once('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
