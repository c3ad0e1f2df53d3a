// Twenty restarts by edit, by command and by crash, each under a steady load: failed requests and how long they took.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer } from '../lib/answer.mjs';
import { Pm2 } from '../lib/pm2.mjs';
import { valueRow } from '../lib/rows.mjs';
import { makeWorkspace } from '../lib/upkeep.mjs';
import { sleep } from '../lib/wait.mjs';

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

export async function measure(context) {
  const rounds = context.quick ? 4 : 20;
  const rows = [];
  for (const kind of ['edit', 'command', 'crash']) {
    const found = {};
    for (const name of contenders(kind, context)) found[name] = await underLoad(context, name, kind, rounds);
    rows.push(...rowsOf(kind, rounds, found));
  }
  return rows;
}

function contenders(kind, context) {
  const ours = ['quiet', 'swap', 'handoff', 'plain'];
  if (!context.pm2) return ours;
  if (kind === 'edit') return [...ours, 'pm2', 'nodemon', 'node'];
  return [...ours, 'pm2', ...(kind === 'command' ? ['cluster'] : [])];
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
  const told = (name) => `${name} ${found[name].failed} of ${found[name].failed + found[name].answered}`;
  const others = Object.keys(found).filter((name) => !['quiet', 'swap'].includes(name));
  const { quiet, swap, pm2 } = found;
  return [
    valueRow({
      id: `seamless-${kind}`,
      title: `requests failed over ${rounds} ${word} at ${2 * PER_SECOND} a second`,
      unit: 'times',
      samples: { upkeep: [swap.failed], pm2: pm2 ? [pm2.failed] : [] },
      aim: kind === 'crash' ? null : 0,
      note: `of ${swap.failed + swap.answered} with us (${JSON.stringify(swap.failures)}); ${others.map(told).join(', ')}`,
    }),
    valueRow({
      id: `seamless-${kind}-p99`,
      title: `p99 of those answered, over the undisturbed p99`,
      unit: 'ms',
      samples: { upkeep: [swap.p99 - quiet.p99], pm2: pm2 ? [pm2.p99 - quiet.p99] : [] },
      aim: kind === 'crash' ? null : 50,
      note: `undisturbed p50 ${quiet.p50.toFixed(1)} ms, p99 ${quiet.p99.toFixed(1)} ms, longest ${quiet.max.toFixed(0)} ms; swap p50 ${swap.p50.toFixed(1)} ms, longest ${swap.max.toFixed(0)} ms`,
    }),
  ];
}
