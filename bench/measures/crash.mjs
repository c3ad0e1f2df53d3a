// How long a server is away after a crash: from `kill -9` to the first answer of its successor.
import { join } from 'node:path';
import { answer } from '../lib/answer.mjs';
import { startBare } from '../lib/bare.mjs';
import { Pm2 } from '../lib/pm2.mjs';
import { ratioRow } from '../lib/rows.mjs';
import { makeWorkspace } from '../lib/upkeep.mjs';
import { sleep } from '../lib/wait.mjs';

/**
 * A crash after a healthy run: PM2 and Upkeep both call a run healthy that lasted for a second. A process on standby is
 * prepared a second after a run that is not the first is ready, and boots: the round that warms up is without.
 */
const HEALTHY_MS = 1800;
const PORTS = { bare: 4100, upkeep: 4101, pm2: 4102, without: 4103 };

export async function measure(context) {
  const port = (name) => PORTS[name] + context.portOffset;
  const script = join(context.bench, 'programs/server.cjs');
  const workspace = makeWorkspace(context, 'crash', {
    server: { command: [process.execPath, script], port: port('upkeep'), restart: { maxFailures: 1000 } },
    without: {
      command: [process.execPath, script],
      port: port('without'),
      restart: { maxFailures: 1000 },
      standby: false,
    },
  });
  const app = { name: 'server', script, env: { PORT: String(port('pm2')) } };
  const pm2 = context.pm2 && new Pm2(context, 'crash-pm2', [app]);
  const took = { baseline: [], upkeep: [], without: [], pm2: [] };
  try {
    await workspace.command('start');
    await pm2?.start();
    for (let round = -1; round < (context.quick ? 6 : 20); round++) {
      await sleep(HEALTHY_MS);
      const times = {
        baseline: await spawned(context, script, port('bare')),
        upkeep: await killed(port('upkeep')),
        without: await killed(port('without')),
        pm2: pm2 && (await killed(port('pm2'))),
      };
      if (round < 0) continue;
      for (const [name, time] of Object.entries(times)) if (time) took[name].push(time);
    }
  } finally {
    await workspace.stopAll();
    await pm2?.end();
  }
  return [
    ratioRow({
      id: 'crash',
      title: 'kill -9 of a server to its answer',
      unit: 'ms',
      baselineName: 'bare spawn to answer',
      samples: { baseline: took.baseline, upkeep: took.upkeep, pm2: took.pm2 },
      aim: 1.05,
    }),
    ratioRow({
      id: 'crash-without',
      title: 'the same without standby, as the first one after a start',
      unit: 'ms',
      baselineName: 'bare spawn to answer',
      samples: { baseline: took.baseline, upkeep: took.without, pm2: [] },
    }),
  ];
}

async function spawned(context, script, port) {
  const began = performance.now();
  const child = startBare([process.execPath, script], {
    cwd: context.temp,
    env: { ...context.env, PORT: String(port) },
    output: join(context.temp, 'crash-bare.log'),
  });
  await answer(port, { deadline: began + 30_000 });
  const time = performance.now() - began;
  await child.kill();
  return time;
}

/** The server answers with its pid, so it is known whom to kill and that another one answers. */
async function killed(port) {
  const pid = await answer(port, { deadline: performance.now() + 30_000 });
  const began = performance.now();
  process.kill(Number(pid), 'SIGKILL');
  await answer(port, { deadline: began + 30_000, accept: (body) => body !== pid });
  return performance.now() - began;
}
