// Twenty restarts by edit, by command and by crash, each under a steady load: failed requests and how long they took.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer } from './answer.mjs';
import { Pm2 } from './pm2.mjs';
import { valueRow } from './rows.mjs';
import { makeWorkspace } from './upkeep.mjs';
import { sleep } from './wait.mjs';

const PORTS = {
  quiet: 4300,
  swap: 4301,
  handoff: 4302,
  plain: 4303,
  pm2: 4304,
  cluster: 4305,
  nodemon: 4306,
  node: 4307,
};
/** New connections a second, and as many keep-alive requests. */
const PER_SECOND = 200;
/** From one restart to the next. */
const PAUSE_MS = 1500;

/** `kind`: edit, command or crash; each takes some minutes, and is a measure by itself. */
export async function measureKind(context, kind) {
  const rounds = context.quick ? 4 : 20;
  const found = {};
  for (const name of contenders(kind, context)) found[name] = await underLoad(context, name, kind, rounds);
  return rowsOf(kind, rounds, found);
}

function contenders(kind, context) {
  const ours = ['quiet', 'swap', 'handoff', 'plain'];
  if (!context.pm2) return ours;
  if (kind === 'edit') return [...ours, 'pm2', 'nodemon', 'node'];
  return [...ours, 'pm2', 'cluster'];
}

async function underLoad(context, name, kind, rounds) {
  const its = await begin(context, name, kind);
  try {
    const load = spawn(
      process.execPath,
      [join(context.bench, 'programs/steady.mjs'), String(its.port), String(PER_SECOND)],
      {
        env: context.env,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let text = '';
    load.stdout.on('data', (chunk) => {
      text += chunk;
    });
    const ended = new Promise((resolve) => load.once('exit', resolve));
    await sleep(PAUSE_MS);
    for (let round = 0; round < rounds; round++) {
      if (name !== 'quiet') await its[kind](round);
      await sleep(PAUSE_MS);
    }
    load.kill('SIGTERM');
    await ended;
    return JSON.parse(text);
  } finally {
    await its.end();
  }
}

/** A server that answers with its pid, and the three ways to have it restarted. */
async function begin(context, name, kind) {
  const port = PORTS[name] + context.portOffset;
  const folder = join(context.temp, `seamless-${kind}-${name}`);
  mkdirSync(folder);
  const script = join(folder, 'server.cjs');
  cpSync(join(context.bench, 'programs/server.cjs'), script);
  const text = readFileSync(script, 'utf8');
  const edit = async (round) => {
    writeFileSync(`${script}.tmp`, `${text}// ${round}\n`);
    renameSync(`${script}.tmp`, script);
  };
  const crash = async () =>
    process.kill(Number(await answer(port, { deadline: performance.now() + 20_000 })), 'SIGKILL');
  const env = { ...context.env, PORT: String(port) };
  const its = { port, edit, crash, ...(await launch(context, { name, kind, folder, script, port, env })) };
  await answer(port, { deadline: performance.now() + 30_000 });
  return its;
}

async function launch(context, { name, kind, folder, script, port, env }) {
  if (name === 'nodemon' || name === 'node') {
    const nodemon = join(context.bench, 'node_modules/nodemon/bin/nodemon.js');
    const args = name === 'node' ? ['--watch', 'server.cjs'] : [nodemon, '--quiet', 'server.cjs'];
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore', detached: true });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const end = async () => {
      process.kill(-child.pid, 'SIGKILL');
      await ended;
    };
    return { end };
  }
  if (name === 'pm2' || name === 'cluster') {
    const own = { PORT: String(port) };
    const mode = name === 'cluster' ? { exec_mode: 'cluster', instances: 2 } : { watch: kind === 'edit' };
    const pm2 = new Pm2(context, `seamless-${kind}-${name}-home`, [
      { name: 'server', script, cwd: folder, env: own, ...mode },
    ]);
    await pm2.start();
    return {
      command: () => pm2.command(name === 'cluster' ? 'reload' : 'restart', 'server'),
      end: () => pm2.end(),
    };
  }
  const mode = name === 'quiet' ? 'swap' : name;
  const workspace = makeWorkspace(context, `seamless-${kind}-${name}-workspace`, {
    server: { command: [process.execPath, script], port, mode, restart: { maxFailures: 1000 } },
  });
  await workspace.command('start');
  return { command: () => workspace.command('restart', 'server'), end: () => workspace.stopAll() };
}

function rowsOf(kind, rounds, found) {
  const word = { edit: 'edits', command: 'restarts by command', crash: 'crashes' }[kind];
  const told = (name) => {
    const { failed, answered, runs, p50, p99, max } = found[name];
    return `${title(name)} ${failed} of ${failed + answered} (${runs} runs answered), p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, longest ${max.toFixed(0)} ms`;
  };
  const { quiet, swap, handoff, pm2 } = found;
  return [
    valueRow({
      id: `seamless-${kind}`,
      title: `requests failed over ${rounds} ${word} at ${2 * PER_SECOND} a second`,
      unit: 'times',
      samples: { upkeep: [swap.failed], pm2: pm2 ? [pm2.failed] : [] },
      aim: kind === 'crash' ? null : 0,
      note: [...Object.keys(found).map(told), ...why(swap)].join('; '),
    }),
    valueRow({
      id: `seamless-${kind}-handoff`,
      title: `the same with mode: handoff`,
      unit: 'times',
      samples: { upkeep: [handoff.failed] },
      aim: kind === 'crash' ? null : 0,
      note: why(handoff).join(),
    }),
    valueRow({
      id: `seamless-${kind}-p99`,
      title: `p99 of those answered, over the undisturbed p99`,
      unit: 'ms',
      samples: { upkeep: [swap.p99 - quiet.p99], pm2: pm2 ? [pm2.p99 - quiet.p99] : [] },
      aim: kind === 'crash' ? null : 50,
    }),
  ];
}

function why({ failed, failures }) {
  return failed === 0 ? [] : [`what failed: ${JSON.stringify(failures)}`];
}

function title(name) {
  return { quiet: 'undisturbed', pm2: 'PM2', cluster: 'PM2 cluster', node: 'node --watch' }[name] ?? name;
}
