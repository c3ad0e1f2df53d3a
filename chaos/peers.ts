/** PM2 in the same scenario: its daemon is killed while two services print and one is asked. Nothing else happens to it. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { pause } from '../test/rig/eventually.ts';
import { Load } from '../test/rig/load.ts';
import { isAlive, signalExactly } from '../test/rig/processes.ts';
import { readLines } from './observe/lines.ts';
import { textOf } from './observe/read.ts';
import { processOf, Truth } from './observe/truth.ts';
import type { Random } from './random.ts';
import { CAST } from './room/cast.ts';
import { Room } from './room/room.ts';
import { Tally } from './tally.ts';

const BENCH = fileURLToPath(new URL('../bench', import.meta.url));
/** Longest time for a service to answer again, in ms. */
const PATIENCE = 10_000;

/** As far as it is used here: bench/lib/pm2.mjs comes without types. */
interface Pm2 {
  readonly home: string;
  start(): Promise<string>;
  daemonPid(): number | null;
  end(): Promise<void>;
}
type Pm2Class = new (context: object, name: string, apps: object[]) => Pm2;

/** PM2 has no guard: after each kill somebody types `pm2 start` half a second later, which is when it is back. */
export async function runPm2(kills: number, node: string, random: Random): Promise<Tally> {
  installPm2();
  const { Pm2 } = (await import(pathToFileURL(join(BENCH, 'lib/pm2.mjs')).href)) as { Pm2: Pm2Class };
  const roles = CAST.filter(({ name }) => name === 'web' || name === 'worker').map((role) => ({
    ...role,
    children: [],
  }));
  const room = await Room.create({ roles, node });
  const context = {
    temp: room.base,
    env: { ...room.env, HOME: join(room.base, 'home') },
    pm2: { bin: join(BENCH, 'node_modules/pm2/bin/pm2') },
  };
  const apps = roles.map(({ name }) => ({
    name,
    script: room.path('servers', `${name}.cjs`),
    cwd: room.workspace,
  }));
  const pm2 = new Pm2(context, 'pm2', apps);
  const tally = new Tally();
  const truth = new Truth(room);
  let load: Load | null = null;
  try {
    await pm2.start();
    await until(() => roles.every(({ name }) => truth.living(name).length > 0));
    load = new Load(room.port('web'), { clients: 2, rest: 25 });
    for (let round = 0; round < kills; round++) {
      await pause(random.next() * 700);
      await killAndStart(pm2, room, tally);
      await until(() => roles.every(({ name }) => truth.living(name).length > 0));
      await pause(500);
      for (const { name } of roles) tally.duplicates += Math.max(0, truth.living(name).length - 1);
    }
    await load.stop();
    tally.asked = load.asked;
    tally.failed = load.failures.length;
    await pause(1_000);
    for (const { name } of roles) countLines(truth, tally, name, pm2.home);
    return tally;
  } finally {
    await load?.stop();
    await pm2.end().catch(() => undefined);
    await room.end();
  }
}

async function killAndStart(pm2: Pm2, room: Room, tally: Tally): Promise<void> {
  const pid = pm2.daemonPid();
  const daemon = room.processes().find((info) => info.pid === pid);
  if (daemon === undefined) return;
  tally.count('daemon-kill');
  tally.daemonKills += 1;
  signalExactly(daemon, 'SIGKILL');
  await until(() => !isAlive(daemon.pid));
  await pause(500);
  await pm2.start().catch(() => undefined);
}

/** What was printed by lives that are over, or has had a second to be written. */
function countLines(truth: Truth, tally: Tally, service: string, home: string): void {
  const lives = truth.lives(service);
  const dead = lives.filter((life) => processOf(life) === null);
  const printed = lives.reduce((sum, life) => sum + truth.printed(life), 0);
  const found = readLines(
    [{ text: textOf(join(home, 'logs', `${service}-out.log`)), isRemoved: false }],
    (id) => dead.some((life) => life.id.startsWith(id)),
  );
  tally.printed += printed;
  tally.doubled += found.doubled;
  for (const life of lives) tally.lost += Math.max(0, truth.printed(life) - (found.last.get(life.id) ?? 0));
  tally.lost += found.lost;
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (!holds() && performance.now() < deadline) await pause(20);
}

/** In the version of the lock file; install scripts are not run. */
function installPm2(): void {
  if (existsSync(join(BENCH, 'node_modules/pm2'))) return;
  execFileSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: BENCH, stdio: 'inherit' });
}
