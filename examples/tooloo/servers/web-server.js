// web-server (Express 5): a page that shows how all eleven servers feel.
import express from 'express';
import { check, services } from '../engine/directory.js';
import { health } from '../engine/health.js';
import * as log from '../engine/logger.js';
import { statusPage } from '../engine/status-page.js';

const name = 'web-server';
const port = Number(process.env.PORT ?? 3000);
const host = '127.0.0.1';
const app = express();

app.use(log.requests);

app.get('/', (_req, res) => {
  res.type('html').send(statusPage());
});

app.get('/health', (_req, res) => {
  res.json(health(name));
});

app.get('/api/state', async (_req, res) => {
  const others = services.filter((service) => service !== name);
  const found = await Promise.all(others.map((service) => check(service)));
  const own = health(name, { url: `http://${host}:${port}`, ms: 0 });
  const missing = found.filter((one) => one.status !== 'ok').map((one) => one.service);
  if (missing.length > 0) log.warn(`no answer from ${missing.join(', ')}`);
  res.json({ ok: services.length - missing.length, services: [own, ...found] });
});

const server = app.listen(port, host, (error) => {
  if (error) throw error;
  log.info(`${name} listens on http://${host}:${port}`);
});

process.once('SIGTERM', () => {
  log.info('closing');
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
