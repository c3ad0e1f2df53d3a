// What logging costs: a child that prints a million lines, and how many of them are in the log afterwards.
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startBare } from '../lib/bare.mjs';
import { countLines, logFiles } from '../lib/count-lines.mjs';
import { Pm2 } from '../lib/pm2.mjs';
import { cpuMs } from '../lib/proc.mjs';
import { ratioRow, valueRow } from '../lib/rows.mjs';
import { KEEPER, makeWorkspace } from '../lib/upkeep.mjs';
import { sleep, until } from '../lib/wait.mjs';

const LINE_BYTES = 100;
const ENDINGS = ['return', 'exit'];

export async function measure(context) {
  const count = context.quick ? 200_000 : 1_000_000;
  const rounds = context.quick ? 2 : 3;
  const script = join(context.bench, 'programs/lines.cjs');
  const result = (name) => join(context.temp, `lines-${name}.result`);
  const argv = (ending, name) => [script, String(count), ending, result(name)];
  const lines = (ending) => ({
    command: [process.execPath, ...argv(ending, `upkeep-${ending}`)],
    ready: { delay: 0 },
    restart: { policy: 'never' },
    watch: false,
    logs: { maxSize: '1GB' },
  });
  const workspace = makeWorkspace(context, 'lines', {
    ...KEEPER,
    return: lines('return'),
    exit: lines('exit'),
  });
  const apps = ENDINGS.map((ending) => {
    const args = argv(ending, `pm2-${ending}`).slice(1);
    return { name: ending, script, args, autorestart: false };
  });
  const pm2 = context.pm2 && new Pm2(context, 'lines-pm2', apps);
  const plain = async (ending) => {
    const output = join(context.temp, 'plain.log');
    rmSync(output, { force: true });
    const env = context.env;
    await startBare([process.execPath, ...argv(ending, 'plain')], { cwd: context.temp, env, output }).ended;
    return {
      took: Number(readFileSync(result('plain'), 'utf8')),
      cpu: 0,
      found: countLines([output], count),
    };
  };
  const found = Object.fromEntries(ENDINGS.map((ending) => [ending, { plain: [], upkeep: [], pm2: [] }]));
  try {
    await workspace.command('start', 'keeper');
    await pm2?.wake();
    for (let round = 0; round < rounds; round++) {
      for (const ending of ENDINGS) {
        const one = { ending, count, result: result(`upkeep-${ending}`) };
        const other = { ending, count, result: result(`pm2-${ending}`) };
        found[ending].plain.push(await plain(ending));
        found[ending].upkeep.push(await underUpkeep(workspace, one));
        if (pm2) found[ending].pm2.push(await underPm2(pm2, other));
      }
    }
  } finally {
    await workspace.stopAll();
    await pm2?.end();
  }
  return rows(count, found);
}

async function underUpkeep(workspace, { ending, count, result }) {
  const folder = join(workspace.folder, '.server-logs');
  removeLogs(folder, ending);
  return watched(workspace.daemonPid(), {
    result,
    count,
    files: () => logFiles(folder, `${ending}.log`),
    start: () => workspace.command('start', ending, '--no-wait'),
  });
}

async function underPm2(pm2, { ending, count, result }) {
  const folder = join(pm2.home, 'logs');
  await pm2.command('delete', ending).catch(() => undefined);
  removeLogs(folder, ending);
  return watched(pm2.daemonPid(), {
    result,
    count,
    files: () => logFiles(folder, `${ending}-out`),
    start: () => pm2.command('start', pm2.ecosystem, '--only', ending),
  });
}

function removeLogs(folder, name) {
  for (const file of logFiles(folder, name)) rmSync(file);
}

/** Starts it, waits until it has ended and its log grows no more. `cpu`: what the daemon spent meanwhile, in ms. */
async function watched(daemon, { result, count, files, start }) {
  rmSync(result, { force: true });
  const before = cpuMs(daemon);
  await start();
  await until('the child to end', () => existsSync(result) && statSync(result).size > 0, {
    timeout: 120_000,
    interval: 50,
  });
  await settled(files, count * LINE_BYTES);
  // What it does right after the last line belongs to it: the exit, the index.
  await sleep(300);
  return {
    took: Number(readFileSync(result, 'utf8')),
    cpu: cpuMs(daemon) - before,
    found: countLines(files(), count),
  };
}

/** All is there, or nothing was added for two seconds. */
async function settled(files, expected) {
  let last = -1;
  let since = performance.now();
  await until(
    'the log to be complete',
    () => {
      const size = files().reduce((sum, file) => sum + statSync(file).size, 0);
      if (size !== last) since = performance.now();
      last = size;
      return size >= expected || performance.now() - since > 2000;
    },
    { timeout: 60_000, interval: 50 },
  );
}

function rows(count, found) {
  const million = count === 1_000_000 ? 'a million lines' : `${count} lines`;
  const all = (key, name) => [...found.return[name], ...found.exit[name]].map((each) => each[key]);
  const lost = (ending, name) => found[ending][name].map((each) => count - each.found);
  const row = (ending, title, id) =>
    valueRow({
      id,
      title,
      unit: 'lines',
      baselineName: 'into a plain file',
      samples: { upkeep: lost(ending, 'upkeep'), pm2: lost(ending, 'pm2') },
      aim: 0,
    });
  return [
    ratioRow({
      id: 'lines-child',
      title: `${million}: time of the child`,
      unit: 'ms',
      baselineName: 'into a plain file',
      samples: {
        baseline: all('took', 'plain'),
        upkeep: all('took', 'upkeep'),
        pm2: ofReturn(found, 'took'),
      },
      aim: 1.05,
      note: 'PM2: only where the child ends by itself',
    }),
    valueRow({
      id: 'lines-cpu',
      title: `${million}: CPU of the daemon`,
      unit: 'ms',
      samples: { upkeep: all('cpu', 'upkeep'), pm2: ofReturn(found, 'cpu') },
      // With fewer lines most of it is the start of the run.
      aim: count === 1_000_000 ? 300 : null,
    }),
    row('return', `${million}: lost`, 'lines-lost'),
    row('exit', `${million}, then process.exit: lost`, 'lines-lost-exit'),
  ];
}

/** After process.exit most of PM2's lines are never sent, so its time and CPU there mean nothing. */
function ofReturn(found, key) {
  return found.return.pm2.map((each) => each[key]);
}
