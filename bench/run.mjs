// Measures Upkeep against bare processes and PM2: prints a table, writes JSON and a plot.
//
//   node bench/run.mjs [--quick] [--only NAME]… [--dist FOLDER] [--out FOLDER]
//
// A full run takes about half an hour and writes bench/results/; `--quick` and `--only` write to .bench/ unless
// told otherwise. See docs/benchmarks.md.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cleanEnvironment, network, runInPrivateNetwork, sweep } from './lib/isolation.mjs';

const bench = dirname(fileURLToPath(import.meta.url));
const root = dirname(bench);
const MEASURES = [
  'status',
  'eleven',
  'crash',
  'daemon-kill',
  'edit',
  'watching',
  'seamless-edit',
  'seamless-command',
  'seamless-crash',
  'throughput',
  'idle',
  'memory',
  'log-lines',
  'many',
  'hook-start',
  'dashboard',
  'gateway-memory',
];
/** A run that has not ended by then is given up. */
const LONGEST_MS = { full: 45 * 60_000, quick: 15 * 60_000 };
/** Where the ports are shared with the rest of the machine, those of its own eleven servers may be taken. */
const SHARED_PORT_OFFSET = 20_000;

/** What has been measured so far. */
const found = { rows: [], machine: null };
let stopping = false;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    dist: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const unknown = options.only.filter((name) => !MEASURES.includes(name));
if (options.help || unknown.length > 0) {
  console.error('node bench/run.mjs [--quick] [--only NAME]… [--dist FOLDER] [--out FOLDER]');
  console.error(`Measures: ${MEASURES.join(', ')}.`);
  process.exitCode = options.help ? 0 : 2;
} else if (process.platform !== 'linux') {
  console.error('The benchmark reads CPU and memory from /proc: it runs on Linux only.');
  process.exitCode = 2;
} else {
  await main();
}

async function main() {
  if (network() === 'shared') {
    // Before the network is cut off.
    build();
    installPeers();
    if (await runInPrivateNetwork()) return;
  }
  const temp = mkdtempSync(join(tmpdir(), 'upkeep-bench-'));
  const mark = temp;
  const giveUp = async (why) => {
    // Who asks twice, or signals the outer one as well, is not to end the tidying up.
    if (stopping) return;
    stopping = true;
    console.error(`\n${why}`);
    await sweep(mark);
    rmSync(temp, { recursive: true, force: true });
    process.exit(1);
  };
  process.on('SIGINT', () => giveUp('Stopped.'));
  process.on('SIGTERM', () => giveUp('Stopped.'));
  const limit = LONGEST_MS[options.quick ? 'quick' : 'full'];
  const tooLong = async () => {
    process.exitCode = 1;
    await report();
    await giveUp(`Not done after ${limit / 60_000} minutes: given up.`);
  };
  const timer = setTimeout(tooLong, limit);
  try {
    await measureAll(await contextFor(temp, mark));
  } finally {
    clearTimeout(timer);
    const left = await sweep(mark);
    if (left > 0) console.error(`${left} processes were left and have been killed.`);
    rmSync(temp, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What the measures share. */
async function contextFor(temp, mark) {
  const { installUpkeep } = await import('./lib/upkeep.mjs');
  const dist = resolve(options.dist ?? join(root, 'dist'));
  const env = cleanEnvironment(mark, { HOME: temp, UPKEEP_RUNTIME_DIR: join(temp, 'run') });
  mkdirSync(join(temp, 'run'), { mode: 0o700 });
  return {
    root,
    bench,
    temp,
    env,
    quick: options.quick,
    portOffset: network() === 'private' ? 0 : SHARED_PORT_OFFSET,
    upkeep: installUpkeep({ dist, root, temp }),
    pm2: { bin: join(bench, 'node_modules/pm2/bin/pm2') },
  };
}

async function measureAll(context) {
  const { machine } = await import('./lib/machine.mjs');
  found.machine = machine(context);
  const began = performance.now();
  for (const name of options.only.length > 0 ? options.only : MEASURES) {
    const seconds = () => ((performance.now() - began) / 1000).toFixed(0).padStart(4);
    console.error(`${seconds()} s  ${name}`);
    try {
      const { measure } = await import(`./measures/${name}.mjs`);
      found.rows.push(...(await measure(context)));
      found.machine.seconds = Math.round((performance.now() - began) / 1000);
      // What is measured is kept, whatever becomes of the rest.
      await save();
    } catch (error) {
      if (stopping) return;
      console.error(`        ${name} failed: ${error.stack}`);
      process.exitCode = 1;
    }
  }
  await report();
}

async function report() {
  const { rows, machine: on } = found;
  if (rows.length === 0) return;
  const { table } = await import('./lib/table.mjs');
  console.log(
    `\n${on.cores} cores (${on.processor}), ${on.system}, Node ${on.node}, PM2 ${on.pm2}, network ${on.network}\n`,
  );
  console.log(table(rows));
  console.log(`\nWritten: ${join(await save(), 'results.json')} and results.svg`);
}

/** Resolves to the folder. */
async function save() {
  const { plot } = await import('./lib/plot.mjs');
  const isWhole = !options.quick && options.only.length === 0 && process.exitCode === undefined;
  const folder = resolve(options.out ?? join(isWhole ? bench : root, isWhole ? 'results' : '.bench'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(found, null, 2)}\n`);
  writeFileSync(join(folder, 'results.svg'), await plot(found.rows, found.machine));
  return folder;
}

function build() {
  if (options.dist !== undefined) return;
  execFileSync(process.execPath, [join(root, 'tools/build.mjs')], { cwd: root, stdio: 'inherit' });
}

/** PM2 and the plot's library, in the versions of the lock file; their install scripts are not run. */
function installPeers() {
  const wanted = readFileSync(join(bench, 'package-lock.json'), 'utf8');
  const stamp = join(bench, 'node_modules/.installed-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  execFileSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: bench, stdio: 'inherit' });
  writeFileSync(stamp, wanted);
}
