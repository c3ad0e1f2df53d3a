// How long nobody answers after a `kill -9` of the daemon of eleven servers, beside a bare server behind a shell loop.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ratioRow } from '../lib/rows.mjs';
import { makeTooloo } from '../lib/upkeep.mjs';
import { sleep, until } from '../lib/wait.mjs';

/** By then a daemon that was killed has adopted its runs and has nothing left to do, ms. */
const REST_MS = 2500;
/** ms from one question to the next. */
const BETWEEN_MS = 2;

export async function measure(context) {
  const eleven = makeTooloo(context, 'daemon-kill');
  const socket = join(context.temp, 'bare.sock');
  const program = join(context.bench, 'programs/bare-socket.cjs');
  const loop = spawn('sh', ['-c', 'while :; do "$0" "$1" "$2"; done', process.execPath, program, socket], {
    detached: true,
    stdio: 'ignore',
    env: context.env,
  });
  const took = { baseline: [], upkeep: [] };
  try {
    await eleven.command('start');
    for (let round = -1; round < (context.quick ? 6 : 20); round++) {
      await sleep(REST_MS);
      const record = JSON.parse(readFileSync(join(eleven.folder, '.upkeep/daemon.json'), 'utf8'));
      const times = { baseline: await away(socket), upkeep: await away(record.socket) };
      if (round < 0) continue;
      for (const [name, time] of Object.entries(times)) took[name].push(time);
    }
  } finally {
    process.kill(-loop.pid, 'SIGKILL');
    // Its record names the one that was killed, until the next has adopted its runs.
    await sleep(REST_MS);
    await eleven.stopAll();
  }
  return [
    ratioRow({
      id: 'daemon-kill',
      title: 'kill -9 of the daemon to its answer',
      unit: 'ms',
      baselineName: 'bare server behind a shell loop',
      samples: took,
    }),
  ];
}

/** Kills who answers there; ms until another one does. */
async function away(socket) {
  let before = null;
  await until('an answer', async () => {
    before = await pidAt(socket);
    return before !== null;
  });
  const began = performance.now();
  process.kill(before, 'SIGKILL');
  for (;;) {
    const pid = await pidAt(socket);
    if (pid !== null && pid !== before) return performance.now() - began;
    if (performance.now() - began > 20_000) throw new Error(`nobody answers at ${socket}`);
    await sleep(BETWEEN_MS);
  }
}

/** Of who greets there; null: nobody. */
function pidAt(path) {
  return new Promise((resolve) => {
    const client = connect(path, () => client.write('{"protocol":0,"method":"hello"}\n'));
    let text = '';
    client.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    client.on('error', () => undefined);
    client.once('close', () => resolve(Number(/"pid":(\d+)/.exec(text)?.[1] ?? 0) || null));
  });
}
