// Two hundred services at once: small Node servers, beside PM2 and bare spawns, and `sleep` for the cost of Upkeep alone.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { allAnswer } from '../lib/answer.mjs';
import { startBare } from '../lib/bare.mjs';
import { timeSync } from '../lib/command.mjs';
import { Pm2 } from '../lib/pm2.mjs';
import { cpuMs, memory, wakeups } from '../lib/proc.mjs';
import { ratioRow, valueRow } from '../lib/rows.mjs';
import { makeWorkspace } from '../lib/upkeep.mjs';
import { settle, sleep } from '../lib/wait.mjs';

const FIRST_PORT = 5000;

export async function measure(context) {
  const count = context.quick ? 20 : 200;
  const numbers = Array.from({ length: count }, (_, i) => i);
  const port = (i) => FIRST_PORT + i + context.portOffset;
  const ports = numbers.map(port);
  const script = join(context.bench, 'programs/server.cjs');
  const bare = await measureBare(context, script, ports);
  const workspace = makeWorkspace(
    context,
    'many',
    named(numbers, (i) => ({ command: [process.execPath, script], port: port(i) })),
  );
  const upkeep = await measureUpkeep(context, workspace, ports);
  const apps = numbers.map((i) => ({ name: `s${i}`, script, env: { PORT: String(port(i)) } }));
  const pm2 = context.pm2 && (await measurePm2(context, new Pm2(context, 'many-pm2', apps), ports));
  const sleepers = makeWorkspace(
    context,
    'sleepers',
    named(numbers, () => ({ command: ['sleep', '1000000'], watch: false })),
  );
  const small = await measureUpkeep(context, sleepers, []);
  return [...rows(count, bare, upkeep, pm2), ...smallRows(count, small)];
}

function named(numbers, service) {
  return Object.fromEntries(numbers.map((i) => [`s${i}`, service(i)]));
}

/** Start to the last first answer, and kill to the last exit. */
async function measureBare(context, script, ports) {
  const logs = join(context.temp, 'many-bare');
  mkdirSync(logs);
  const began = performance.now();
  const children = ports.map((port) =>
    startBare([process.execPath, script], {
      cwd: context.temp,
      env: { ...context.env, PORT: String(port) },
      output: join(logs, `${port}.log`),
    }),
  );
  await allAnswer(ports, { path: '/', interval: 20 });
  const start = performance.now() - began;
  const node = timeSync([process.execPath, '-e', '0'], { cwd: context.temp, env: context.env });
  const ended = performance.now();
  await Promise.all(children.map((child) => child.kill()));
  return { start, look: node, stop: performance.now() - ended };
}

async function measureUpkeep(context, workspace, ports) {
  try {
    const start = await timed(() => Promise.all([workspace.command('start'), answered(ports)]));
    await settle();
    const rest = await idle(context, workspace.daemonPid());
    const look = looks([...workspace.cli, 'status'], workspace.folder, context.env);
    const stop = await timed(() => workspace.command('stop'));
    return { ...rest, start, look, stop };
  } finally {
    await workspace.stopAll();
  }
}

async function measurePm2(context, pm2, ports) {
  try {
    await pm2.wake();
    const start = await timed(() => Promise.all([pm2.start(), answered(ports)]));
    await settle();
    const rest = await idle(context, pm2.daemonPid());
    const look = looks([...pm2.cli, 'ls'], pm2.folder, pm2.env);
    const stop = await timed(() => pm2.command('stop', 'all'));
    return { ...rest, start, look, stop };
  } finally {
    await pm2.end();
  }
}

function answered(ports) {
  return allAnswer(ports, { path: '/', interval: 20, timeout: 120_000 });
}

function looks(argv, cwd, env) {
  return Math.min(...[1, 2, 3].map(() => timeSync(argv, { cwd, env })));
}

async function idle(context, pid) {
  const before = { cpu: cpuMs(pid), wakeups: wakeups(pid), at: performance.now() };
  await sleep(context.quick ? 5000 : 20_000);
  const took = performance.now() - before.at;
  return {
    memory: memory(pid),
    cpu: ((cpuMs(pid) - before.cpu) / took) * 100,
    wakeups: ((wakeups(pid) - before.wakeups) / took) * 1000,
  };
}

async function timed(act) {
  const began = performance.now();
  await act();
  return performance.now() - began;
}

function rows(count, bare, upkeep, pm2) {
  const what = `${count} Node servers`;
  const samples = (of) => ({ upkeep: [of(upkeep)], pm2: pm2 ? [of(pm2)] : [] });
  const ratio = (id, title, baselineName, key) =>
    ratioRow({
      id,
      title: `${what}: ${title}`,
      unit: 'ms',
      baselineName,
      samples: { baseline: [bare[key]], ...samples((each) => each[key]) },
    });
  const value = (id, title, unit, of) =>
    valueRow({ id, title: `${what}: ${title}`, unit, samples: samples(of) });
  return [
    ratio('many-start', 'start to all answering', 'bare spawns', 'start'),
    ratio('many-status', 'status', 'node -e 0', 'look'),
    ratio('many-stop', 'stop all', 'SIGKILL', 'stop'),
    value('many-memory', 'daemon, resident', 'MB', (each) => each.memory.rss),
    value('many-memory-unique', 'daemon, its own pages', 'MB', (each) => each.memory.unique),
    value('many-cpu', 'daemon CPU, idle', '%', (each) => each.cpu),
    value('many-wakeups', 'daemon wakeups, idle', '/s', (each) => each.wakeups),
  ];
}

function smallRows(count, upkeep) {
  const row = (id, title, unit, value) =>
    valueRow({ id, title: `${count} times sleep(1): ${title}`, unit, samples: { upkeep: [value] } });
  return [
    row('sleepers-start', 'start', 'ms', upkeep.start),
    row('sleepers-stop', 'stop', 'ms', upkeep.stop),
    row('sleepers-memory', 'daemon, resident', 'MB', upkeep.memory.rss),
    row('sleepers-cpu', 'daemon CPU, idle', '%', upkeep.cpu),
  ];
}
