// product-server (Express 4): the catalogue of what is sold. No host is given: Express then listens on all addresses.
import express from 'express4';
import { courses } from '../engine/academy.js';
import { health } from '../engine/health.js';
import * as log from '../engine/logger.js';
import { formatMoney, priceTag } from '../engine/money.js';

const name = 'product-server';
const port = Number(process.env.PORT ?? 3006);
const app = express();

const products = courses.map(({ id, title, cents }) => ({ id, title, cents, price: priceTag(cents) }));

app.use(log.requests);

app.get('/', (_req, res) => {
  const rows = products.map(
    ({ id, title, price }) => `<li><a href="/api/products/${id}">${title}</a>, ${price}</li>`,
  );
  res.send(`<!doctype html><meta charset="utf-8"><title>Catalogue</title><link rel="icon" href="data:,">
<style>:root { color-scheme: light dark } body { font: 16px/1.6 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto }</style>
<h1>Catalogue</h1><ul>${rows.join('')}</ul>`);
});

app.get('/health', (_req, res) => {
  res.json(health(name, { products: products.length }));
});

app.get('/api/products', (_req, res) => {
  res.json(products);
});

app.get('/api/products/:id', (req, res) => {
  const product = products.find(({ id }) => id === req.params.id);
  if (product === undefined) return res.status(404).json({ error: `no product "${req.params.id}"` });
  res.json(product);
});

app.post('/api/orders', express.json(), (req, res) => {
  const ids = Array.isArray(req.body.products) ? req.body.products : [];
  const ordered = products.filter(({ id }) => ids.includes(id));
  if (ordered.length === 0)
    return res.status(400).json({ error: 'wanted: {"products": ["agents", "retrieval"]}' });
  const cents = ordered.reduce((sum, product) => sum + product.cents, 0);
  res.status(201).json({ products: ordered.map(({ title }) => title), total: priceTag(cents) });
  setImmediate(() => log.info(`job invoice: ${ordered.length} products, ${formatMoney(cents)}`));
});

app.listen(port, () => log.info(`${name} listens on http://127.0.0.1:${port}`));
