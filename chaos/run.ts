/**
 * `npm run chaos`: drives the fault machine, and reports. See docs/chaos.md.
 *
 *   --seed N  --faults N  --minutes M  --only NAME…  --long  --pm2  --node PATH  --readme  --list
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import setup from '../test/rig/global-setup.ts';
import { FAULTS } from './faults/index.ts';
import { choose, type Outcome, runMachine } from './machine.ts';
import { runPm2 } from './peers.ts';
import { Random } from './random.ts';
import { betweenMarkers, markdownTable, rowsOf, type Setting, terminalTable } from './report/table.ts';
import { endAllRooms } from './room/room.ts';
import { SCENES } from './scenes/index.ts';
import type { Tally } from './tally.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Faults and minutes: as many as give 200 kills of the daemon, and as many as fit into a break. */
const LONG = { faults: 380, minutes: 15 };
const SHORT = { faults: 40, minutes: 5 };
const PM2_KILLS = 20;

const readOptions = () =>
  parseArgs({
    options: {
      seed: { type: 'string' },
      faults: { type: 'string' },
      minutes: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      node: { type: 'string', default: process.execPath },
      long: { type: 'boolean', default: false },
      pm2: { type: 'boolean', default: false },
      readme: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  }).values;

type Values = ReturnType<typeof readOptions>;

async function main(): Promise<number> {
  const values = readOptions();
  if (values.list) {
    for (const { name, what } of [...FAULTS, ...SCENES]) console.log(`${name.padEnd(22)} ${what}`);
    return 0;
  }
  const seed = wholeNumber('--seed', values.seed) ?? Math.floor(Math.random() * 2 ** 31);
  const chosen = choose(values.only, values.long);
  const usual = values.long ? LONG : SHORT;
  console.log(`seed ${seed}, node ${values.node}`);
  await setup();
  const outcome = await runMachine({
    seed,
    faults: wholeNumber('--faults', values.faults) ?? usual.faults,
    within: (wholeNumber('--minutes', values.minutes) ?? usual.minutes) * 60_000,
    chosen,
    node: values.node,
    tell: (line) => console.log(line),
  });
  const peer = values.pm2 && outcome.violation === null ? await pm2(values, seed) : null;
  report(outcome, peer, settingOf(values, seed, outcome), values.readme);
  return outcome.violation === null ? 0 : 1;
}

function pm2({ node }: Values, seed: number): Promise<Tally> {
  console.log(`PM2, ${PM2_KILLS} kills of its daemon`);
  return runPm2(PM2_KILLS, node, new Random(seed));
}

function report(
  { tally, violation }: Outcome,
  peer: Tally | null,
  setting: Setting,
  toReadme: boolean,
): void {
  const rows = rowsOf(tally, peer);
  console.log(`\n${terminalTable(rows)}\n`);
  const folder = join(ROOT, '.bench');
  mkdirSync(folder, { recursive: true });
  const kinds = Object.fromEntries([...tally.faults].sort());
  const result = {
    setting,
    violation,
    rows,
    kinds,
    points: [...tally.points].sort(),
    leftOut: tally.leftOut,
  };
  writeFileSync(join(folder, 'chaos.json'), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(folder, 'chaos.md'), `${markdownTable(rows, setting)}\n`);
  console.log(`Written: ${join(folder, 'chaos.json')} and chaos.md`);
  if (violation !== null) console.error(`\nDOES NOT HOLD: ${violation}`);
  else if (toReadme) writeReadme(markdownTable(rows, setting));
}

function writeReadme(content: string): void {
  const file = join(ROOT, 'README.md');
  writeFileSync(file, betweenMarkers(readFileSync(file, 'utf8'), 'chaos:table', content));
}

function settingOf({ node }: Values, seed: number, { took }: Outcome): Setting {
  const [first] = cpus();
  return {
    cores: cpus().length,
    processor: first?.model.split(' ').slice(0, 2).join(' ') ?? 'unknown',
    load: Math.round(loadavg()[2] ?? 0),
    system: `Linux ${release().split('.').slice(0, 2).join('.')}`,
    node: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1),
    seed,
    minutes: Math.round(took / 60_000),
  };
}

/** Throws for anything else. */
function wholeNumber(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,10}$/.test(text)) throw new Error(`${option} takes a whole number, not "${text}"`);
  return Number(text);
}

/** What it has started lives in sessions of its own, and would outlive it. */
async function interrupted(): Promise<void> {
  console.error('\nInterrupted: ends what it has started.');
  await endAllRooms();
  process.exit(130);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void interrupted());

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // A mistake on the command line: what is wrong is enough.
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
