/** Commands come in crowds, die half-way, or belong to another version; a second daemon is started by hand. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { pause } from '../../test/rig/eventually.ts';
import { otherVersion } from '../room/other-version.ts';
import { Violation, type World } from '../world.ts';
import type { Fault } from './fault.ts';
import { live } from './life.ts';

const CROWD: readonly (readonly string[])[] = [
  ['status', '--json'],
  ['start'],
  ['logs', 'web', '-n', '5'],
  ['why', 'api'],
  ['start', 'worker'],
  ['restart', 'family'],
];

const crowd: Fault = {
  name: 'twenty-commands',
  what: 'twenty commands at once: each succeeds, and nothing runs twice',
  weight: 1,
  async inject(world) {
    const commands = Array.from({ length: 20 }, (_, index) => CROWD[index % CROWD.length] ?? []);
    const results = await Promise.all(commands.map((args) => world.room.cli(...args)));
    const failed = results.flatMap(({ code, stderr }, index) =>
      code === 0 ? [] : [`upkeep ${commands[index]?.join(' ')}: exit ${code} ${stderr}`],
    );
    if (failed.length > 0) throw new Violation(failed.join('\n'));
  },
};

const commandKill: Fault = {
  name: 'command-kill',
  what: 'kill -9 of a command in the middle of it',
  weight: 2,
  async inject(world, random) {
    const args = random.one([['restart', 'web'], ['restart', 'worker'], ['stop', 'family'], ['start']]);
    const command = world.room.begin(args);
    await pause(random.next() * 400);
    command.child.kill('SIGKILL');
    await command.done;
    await world.must('start');
  },
};

const secondDaemon: Fault = {
  name: 'second-daemon',
  what: 'a second daemon and a second guard are started by hand: both leave',
  weight: 1,
  async inject(world, random) {
    const { over } = live(world, random);
    const { room } = world;
    const daemon = `${room.dist}/daemon.cjs`;
    const lock = room.path('.upkeep', 'lock');
    const tries = [
      [room.node, daemon, room.workspace],
      ['sh', `${room.dist}/guard.sh`, lock, room.node, daemon, room.workspace],
    ];
    await Promise.all(tries.map((argv) => leaves(world, argv)));
    await over;
  },
};

const upgrade: Fault = {
  name: 'upgrade',
  what: 'a command of another version comes: its daemon takes over, and every service runs on',
  weight: 1,
  async inject(world, random) {
    await pause(random.next() * 200);
    const before = living(world);
    const own = world.room.dist;
    world.room.dist = otherVersion(world.room);
    await takeOver(world, before);
    world.room.dist = own;
    await takeOver(world, before);
  },
};

async function takeOver(world: World, before: readonly string[]): Promise<void> {
  await world.must('start');
  const now = living(world);
  if (!isDeepStrictEqual(now, before)) throw new Violation(`${before.join(' ')} became ${now.join(' ')}`);
}

function living(world: World): string[] {
  return world.room.roles.flatMap(({ name }) => world.truth.living(name).map(({ id }) => id));
}

async function leaves(world: World, argv: readonly string[]): Promise<void> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { cwd: world.room.workspace, env: world.room.env, stdio: 'ignore' });
  const late = pause(10_000).then(() => ['late']);
  const [code] = await Promise.race([once(child, 'exit'), late]);
  child.kill('SIGKILL');
  if (code !== 75) throw new Violation(`a second daemon did not leave: ${code}`);
}

export const commandFaults: readonly Fault[] = [crowd, commandKill, secondDaemon, upgrade];
