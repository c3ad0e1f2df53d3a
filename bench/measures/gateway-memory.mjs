// What stays of it in the daemon when the dashboard's part over HTTP was used and closed again.

import { readFileSync } from 'node:fs';
import { memory } from '../lib/proc.mjs';
import { valueRow } from '../lib/rows.mjs';
import { makeTooloo } from '../lib/upkeep.mjs';
import { settle, sleep } from '../lib/wait.mjs';

/** ms for which the stream is read. */
const LOOKED = 20_000;

export async function measure(context) {
  const found = { before: [], after: [] };
  for (let round = 0; round < (context.quick ? 1 : 3); round++) {
    const workspace = makeTooloo(context, `gateway-memory-${round}`);
    try {
      await workspace.command('start');
      await settle();
      found.before.push(memory(workspace.daemonPid()).rss);
      await use(workspace);
      await workspace.command('open', '--end');
      await settle();
      found.after.push(memory(workspace.daemonPid()).rss);
    } finally {
      await workspace.stopAll();
    }
  }
  const shown = (list) => list.map((each) => each.toFixed(1)).join(', ');
  return [
    valueRow({
      id: 'gateway-memory',
      title: "daemon's memory, more after the HTTP part was used and closed",
      unit: 'MB',
      samples: { upkeep: found.after.map((after, round) => after - found.before[round]) },
      aim: 5,
      note: `before ${shown(found.before)} MB, after ${shown(found.after)} MB`,
    }),
  ];
}

/** As a dashboard does: the stream with metrics, pages of all kinds, and a restart. */
async function use(workspace) {
  const { address, tokenFile } = JSON.parse(await workspace.command('open', '--json'));
  const headers = { authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` };
  const enough = new AbortController();
  const stream = fetch(`${address}/api/events?kinds=status,journal,metrics,logs`, {
    headers,
    signal: enough.signal,
  })
    .then(async ({ body }) => {
      for await (const _ of body);
    })
    .catch(() => {});
  for (const path of ['status', 'journal', 'logs?limit=1000', 'loads', 'config', 'services/web-server/runs'])
    await (await fetch(`${address}/api/${path}`, { headers })).arrayBuffer();
  await fetch(`${address}/api/restart`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"names":["web-server"]}',
  });
  await sleep(LOOKED);
  enough.abort();
  await stream;
}
