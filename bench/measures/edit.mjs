// From a saved file to new code that answers, and how often a burst of saves restarts: beside those who watch.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer } from '../lib/answer.mjs';
import { startBare } from '../lib/bare.mjs';
import { Pm2 } from '../lib/pm2.mjs';
import { ratioRow, valueRow } from '../lib/rows.mjs';
import { summary } from '../lib/statistics.mjs';
import { makeWorkspace } from '../lib/upkeep.mjs';
import { sleep } from '../lib/wait.mjs';

const PORTS = {
  bare: 4200,
  upkeep: 4201,
  direct: 4202,
  pm2: 4203,
  nodemon: 4204,
  node: 4205,
  tsx: 4206,
  without: 4207,
};
/** A single save: nothing has restarted for a while. */
const CALM_MS = 2200;
/** No restart of a burst comes later than this after its last write. */
const OVER_MS = 2500;
const BURST_FILES = 50;
/** They stand in the notes. */
const OTHERS = ['nodemon', 'node', 'tsx'];

export async function measure(context) {
  const apps = await startAll(context);
  try {
    const singles = await editOneByOne(context, apps);
    const bursts = await burst(apps);
    return [...singles, ...bursts];
  } finally {
    for (const { end } of apps) await end();
  }
}

/** Each with a folder of its own, edited alike. */
async function startAll(context) {
  const app = (name) => {
    const folder = join(context.temp, `edit-${name}`);
    mkdirSync(join(folder, 'many'), { recursive: true });
    cpSync(join(context.bench, 'programs/edited.cjs'), join(folder, 'server.cjs'));
    const requires = Array.from({ length: BURST_FILES }, (_, i) => `require('./many/${i}.cjs');`).join('\n');
    for (let i = 0; i < BURST_FILES; i++) writeFileSync(join(folder, 'many', `${i}.cjs`), '0;\n');
    const its = { name, folder, port: PORTS[name] + context.portOffset, requires, end: async () => {} };
    save(its, 'v0');
    its.env = { ...context.env, PORT: String(its.port), STARTS: join(folder, 'starts') };
    writeFileSync(its.env.STARTS, '');
    return its;
  };
  const bare = app('bare');
  const upkeep = Object.assign(app('upkeep'), {});
  const direct = Object.assign(app('direct'), {});
  const without = Object.assign(app('without'), {});
  for (const [its, watch] of [
    [upkeep, {}],
    [direct, { quiet: 0 }],
    [without, { quiet: 0 }],
  ]) {
    const workspace = makeWorkspace(context, `edit-workspace-${its.name}`, {
      server: {
        command: [process.execPath, join(its.folder, 'server.cjs')],
        port: its.port,
        env: { STARTS: its.env.STARTS },
        watch,
        ...(its === without && { standby: false }),
      },
    });
    await workspace.command('start');
    its.end = () => workspace.stopAll();
    // A run that is begun early and set aside is a start, and no restart: nobody was ever answered by it.
    its.restarts = async () => {
      const { services } = JSON.parse(await workspace.command('status', '--json'));
      return services.find(({ name }) => name === 'server').restarts;
    };
  }
  const others = [];
  if (context.pm2) {
    const pm2 = app('pm2');
    const script = join(pm2.folder, 'server.cjs');
    const { PORT, STARTS } = pm2.env;
    const manager = new Pm2(context, 'edit-pm2-home', [
      {
        name: 'server',
        script,
        cwd: pm2.folder,
        watch: true,
        ignore_watch: ['starts'],
        env: { PORT, STARTS },
      },
    ]);
    await manager.start();
    pm2.end = () => manager.end();
    const modules = join(context.bench, 'node_modules');
    others.push(
      pm2,
      watcher(app('nodemon'), [join(modules, 'nodemon/bin/nodemon.js'), '--quiet', 'server.cjs']),
      watcher(app('node'), ['--watch', 'server.cjs']),
      watcher(app('tsx'), [join(modules, 'tsx/dist/cli.mjs'), 'watch', 'server.cjs']),
    );
  }
  const all = [bare, upkeep, direct, without, ...others];
  for (const { port } of all.slice(1)) await answer(port, { deadline: performance.now() + 30_000 });
  return all;
}

/** A program that watches by itself, in a process group of its own. */
function watcher(its, args) {
  const child = spawn(process.execPath, args, {
    cwd: its.folder,
    env: its.env,
    stdio: 'ignore',
    detached: true,
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  its.end = async () => {
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  };
  return its;
}

/** As editors save: beside it, then renamed over it. */
function save({ folder, requires }, text) {
  const file = join(folder, 'answer.cjs');
  writeFileSync(`${file}.tmp`, `${requires}\nexports.answer = ${JSON.stringify(text)};\n`);
  renameSync(`${file}.tmp`, file);
}

/** How often another run has answered, whoever counts it. */
async function restarts({ env, restarts: ask }) {
  return ask === undefined ? readFileSync(env.STARTS, 'utf8').split('\n').length - 1 : await ask();
}

async function editOneByOne(context, apps) {
  const [bare, ...watched] = apps;
  const rounds = context.quick ? 5 : 15;
  const of = (initial) => Object.fromEntries(apps.map(({ name }) => [name, initial()]));
  const found = { started: of(() => []), answered: of(() => []), missed: of(() => 0) };
  for (let round = -1; round < rounds; round++) {
    for (const its of apps) {
      await sleep(its === bare ? 0 : CALM_MS / watched.length);
      const took = its === bare ? await spawned(context, bare) : await edited(its, `v${round + 2}`);
      if (took === null) found.missed[its.name]++;
      else if (round >= 0) {
        found.started[its.name].push(took.started);
        found.answered[its.name].push(took.answered);
      }
    }
  }
  return rowsOf(found, rounds + 1);
}

function rowsOf({ started, answered, missed }, edits) {
  const others = (text) =>
    OTHERS.filter((name) => name in missed)
      .map((name) => `${title(name)} ${text(name)}`)
      .join(', ');
  const medianOf = (took) => (name) =>
    took[name].length === 0 ? 'missed all' : `${summary(took[name]).median.toFixed(0)} ms`;
  const row = (took, more) =>
    ratioRow({
      unit: 'ms',
      baselineName: 'bare spawn to the same',
      note: others(medianOf(took)),
      ...more,
      samples: {
        baseline: took.bare,
        upkeep: took[more.ours ?? 'upkeep'],
        pm2: more.ours === undefined ? (took.pm2 ?? []) : [],
      },
    });
  return [
    row(started, { id: 'edit-started', title: 'a save to the start of the new run' }),
    row(answered, { id: 'edit', title: 'a save to new code that answers' }),
    row(started, { id: 'edit-started-at-once', title: 'started, with quiet: 0', ours: 'direct', note: '' }),
    row(answered, {
      id: 'edit-at-once',
      title: 'answers, with quiet: 0',
      ours: 'direct',
      note: '',
      aim: 1.15,
    }),
    row(answered, {
      id: 'edit-without',
      title: 'answers, with quiet: 0 and without standby',
      ours: 'without',
      note: '',
    }),
    valueRow({
      id: 'edit-missed',
      title: `missed of ${edits} edits`,
      unit: 'times',
      samples: {
        upkeep: [missed.upkeep + missed.direct + missed.without],
        pm2: missed.pm2 === undefined ? [] : [missed.pm2],
      },
      aim: 0,
      note: others((name) => missed[name]),
    }),
  ];
}

async function spawned(context, { folder, env, port }) {
  const began = performance.now();
  const output = join(context.temp, 'edit-bare.log');
  const child = startBare([process.execPath, join(folder, 'server.cjs')], { cwd: folder, env, output });
  await answer(port, { deadline: began + 30_000 });
  const took = { answered: performance.now() - began, started: startedAfter(env, began) };
  await child.kill();
  return took;
}

/** Null when the edit was missed. */
async function edited(its, text) {
  const began = performance.now();
  save(its, text);
  try {
    await answer(its.port, { deadline: began + 10_000, accept: (body) => body === text });
  } catch {
    return null;
  }
  return { answered: performance.now() - began, started: startedAfter(its.env, began) };
}

/** ms from `began` to the first line of the first run that started after it. */
function startedAfter({ STARTS }, began) {
  const starts = readFileSync(STARTS, 'utf8').trim().split('\n').map(Number);
  const from = performance.timeOrigin + began;
  return starts.find((at) => at > from) - from;
}

/** A formatter over all its files, one after the other. */
async function burst(apps) {
  const counts = {};
  for (const its of apps.slice(1)) {
    await sleep(CALM_MS);
    const before = await restarts(its);
    for (let i = 0; i < BURST_FILES; i++) {
      writeFileSync(join(its.folder, 'many', `${i}.cjs`), `${before};\n`);
      await sleep(10);
    }
    await sleep(OVER_MS);
    counts[its.name] = (await restarts(its)) - before;
  }
  const others = OTHERS.filter((name) => name in counts);
  return [
    valueRow({
      id: 'burst',
      title: `restarts by a burst of ${BURST_FILES} saves, 10 ms apart`,
      unit: 'times',
      samples: { upkeep: [counts.upkeep], pm2: counts.pm2 === undefined ? [] : [counts.pm2] },
      aim: 1,
      note: others.map((name) => `${title(name)} ${counts[name]}`).join(', '),
    }),
  ];
}

function title(name) {
  return { node: 'node --watch', tsx: 'tsx watch' }[name] ?? name;
}
