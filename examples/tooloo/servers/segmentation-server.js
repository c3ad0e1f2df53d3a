// segmentation-server (Koa): which learners belong together.
import Router from '@koa/router';
import Koa from 'koa';
import { findLearner, resultsOf } from '../engine/academy.js';
import { health } from '../engine/health.js';
import * as log from '../engine/logger.js';
import { allSegments, segmentOf } from '../engine/segments.js';

const name = 'segmentation-server';
const port = Number(process.env.PORT ?? 3007);
const app = new Koa();
const router = new Router();

app.use(async (ctx, next) => {
  const started = performance.now();
  await next();
  log.request(ctx.method, ctx.path, ctx.status, performance.now() - started);
});

router.get('/', (ctx) => {
  ctx.body = { service: name, try: ['/api/segments', '/api/learners/ada'] };
});

router.get('/health', (ctx) => {
  ctx.body = health(name);
});

router.get('/api/segments', (ctx) => {
  ctx.body = allSegments();
});

router.get('/api/learners/:id', (ctx) => {
  const learner = findLearner(ctx.params.id);
  if (learner === undefined) {
    log.warn(`asked for an unknown learner "${ctx.params.id}"`);
    ctx.status = 404;
    ctx.body = { error: `no learner "${ctx.params.id}"` };
    return;
  }
  ctx.body = { ...learner, segment: segmentOf(learner), results: resultsOf(learner.id).length };
});

app.use(router.routes()).use(router.allowedMethods());

app.listen(port, '127.0.0.1', () => log.info(`${name} listens on http://127.0.0.1:${port}`));
