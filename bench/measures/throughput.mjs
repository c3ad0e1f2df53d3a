// Does holding the port cost anything while nothing restarts? A held server and a bare one, loaded in turns.
import { join } from 'node:path';
import autocannon from 'autocannon';
import { answer } from '../lib/answer.mjs';
import { startBare } from '../lib/bare.mjs';
import { ratioRow } from '../lib/rows.mjs';
import { summary } from '../lib/statistics.mjs';
import { makeWorkspace } from '../lib/upkeep.mjs';

const PORTS = { bare: 4400, held: 4401 };
const CONNECTIONS = 50;
/** Throughput of at least 0.98. */
const AIM = 1.02;

export async function measure(context) {
  const port = (name) => PORTS[name] + context.portOffset;
  const script = join(context.bench, 'programs/server.cjs');
  const bare = startBare([process.execPath, script], {
    cwd: context.temp,
    env: { ...context.env, PORT: String(port('bare')) },
    output: join(context.temp, 'throughput-bare.log'),
  });
  const workspace = makeWorkspace(context, 'throughput', {
    server: { command: [process.execPath, script], port: port('held') },
  });
  try {
    await workspace.command('start');
    await answer(port('bare'), { deadline: performance.now() + 30_000 });
    return [rowOf(await inTurns(port, context.quick ? 4 : 20))];
  } finally {
    await bare.kill();
    await workspace.stopAll();
  }
}

async function inTurns(port, rounds) {
  const took = { bare: [], held: [] };
  const perSecond = { bare: [], held: [] };
  for (let round = -1; round < rounds; round++) {
    // Who comes first changes: the machine's own moods have no favourite.
    const order = round % 2 === 0 ? ['bare', 'held'] : ['held', 'bare'];
    for (const name of order) {
      const rate = await load(port(name), round < 0 ? 2 : 4);
      if (round < 0) continue;
      perSecond[name].push(rate);
      took[name].push(1_000_000 / rate);
    }
  }
  return { took, perSecond };
}

/** Requests a second over so many connections that are kept. */
async function load(port, seconds) {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections: CONNECTIONS,
    duration: seconds,
  });
  if (result.errors + result.non2xx > 0) throw new Error(`${result.errors + result.non2xx} requests failed`);
  return result.requests.total / result.duration;
}

function rowOf({ took, perSecond }) {
  const rate = (name) => summary(perSecond[name]).median;
  return ratioRow({
    id: 'throughput',
    title: 'time of 1,000 requests to a held server',
    unit: 'ms',
    baselineName: 'the same by itself',
    samples: { baseline: took.bare, upkeep: took.held },
    aim: AIM,
    note: `${CONNECTIONS} connections that are kept; ${rate('held').toFixed(0)} requests a second, by itself ${rate('bare').toFixed(0)}`,
  });
}
