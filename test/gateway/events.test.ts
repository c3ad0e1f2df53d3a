/** Readers of the event stream are counted as long as they read, and no longer, however they end. */
import { expect, it } from 'vitest';
import type { EventBatch } from '../../src/contract/api/events.ts';
import { type AppWorld, createApp } from '../../src/gateway/app.ts';

const ADDRESS = '127.0.0.1:20000';
const FIRST: EventBatch = { cursor: 'c', events: [] };

function gate() {
  let open = 0;
  let sources = 0;
  async function* events(_query: object, signal: AbortSignal) {
    sources += 1;
    try {
      yield FIRST;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    } finally {
      sources -= 1;
    }
  }
  const app = createApp({
    secrets: { token: 'token', cookie: 'cookie', key: 'key' },
    address: ADDRESS,
    workspaceId: 'id',
    connection: () => ({ events }),
    onVisit: (count: number) => {
      open = count;
    },
  } as unknown as AppWorld);
  return {
    ask: (init: RequestInit = {}, query = '') =>
      app.request(`http://${ADDRESS}/api/events${query}`, {
        ...init,
        headers: { host: ADDRESS, authorization: 'Bearer token' },
      }),
    open: () => open,
    sources: () => sources,
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('HEAD is answered as GET is, and is no reader', async () => {
  const { ask, open, sources } = gate();
  for (let count = 0; count < 65; count += 1) {
    const { status, headers, body } = await ask({ method: 'HEAD' });
    expect([status, headers.get('content-type'), body]).toEqual([200, 'text/event-stream', null]);
  }
  expect([open(), sources()]).toEqual([0, 0]);
  expect((await ask({ method: 'HEAD' }, '?kinds=everything')).status).toBe(400);
  const reader = await ask();
  expect([reader.status, open()]).toEqual([200, 1]);
  await reader.body?.cancel();
  await settled();
  expect([open(), sources()]).toEqual([0, 0]);
});

it('who has left before the first batch, or never reads it, is let go', async () => {
  const { ask, open, sources } = gate();
  const early = new AbortController();
  const asked = ask({ signal: early.signal });
  early.abort();
  await asked;
  const late = new AbortController();
  await ask({ signal: late.signal });
  late.abort();
  await settled();
  expect([open(), sources()]).toEqual([0, 0]);
});
