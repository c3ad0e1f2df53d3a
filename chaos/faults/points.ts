/** The daemon, a shim or a wrapper dies at a named point of the protocol. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAEMON_POINTS } from '../../src/platform/reach.ts';
import { pause } from '../../test/rig/eventually.ts';
import { signalExactly } from '../../test/rig/processes.ts';
import { kill } from './daemon.ts';
import type { Fault } from './fault.ts';
import { live } from './life.ts';
import { heal, orphan } from './processes.ts';

/** Points that only a daemon reaches that has just been started. */
const AT_START: readonly string[] = ['claimed', 'listening', 'recovered', 'adopted', 'recorded'];
/** As guard.sh names them: when it begins, when it has the lock, when its daemon has ended. */
const GUARD_POINTS = ['guard-begun', 'guard-locked', 'guard-again'];
/** As `reach` in src/process/shim.sh names them. The first two are the shim's own. */
const SHIM_POINTS = [
  'shim-told',
  'shim-taken',
  'wrapper-begun',
  'run-named',
  'wrapper-coded',
  'wrapper-written',
];
/** Longest wait for a point to be reached, in ms. */
const PATIENCE = 1_200;

const daemonPoint: Fault = {
  name: 'daemon-point',
  what: `the daemon dies, or stands still, at a point of the protocol: ${DAEMON_POINTS.join(', ')}`,
  weight: 10,
  async inject(world, random) {
    const point = random.one(DAEMON_POINTS);
    const signal = random.next() < 0.85 ? 'KILL' : 'STOP';
    const file = join(world.room.points, point);
    writeFileSync(file, `${signal} ${random.whole(1, 3)}`);
    const { over } = live(world, random);
    if (AT_START.includes(point)) for (const daemon of world.room.daemons()) kill(world, daemon);
    const wasReached = await untilReached(file);
    if (wasReached && signal === 'KILL') world.tally.daemonKills += 1;
    if (wasReached && signal === 'STOP') {
      await pause(random.next() * 500);
      for (const daemon of world.room.daemons()) signalExactly(daemon, 'SIGCONT');
    }
    if (wasReached) world.tally.points.add(point);
    await over;
  },
};

const shimPoint: Fault = {
  name: 'shim-point',
  what: `a shim, a wrapper or a run that is not one yet dies at a point of the protocol: ${SHIM_POINTS.join(', ')}`,
  weight: 4,
  async inject(world, random) {
    const point = random.one(SHIM_POINTS);
    const { name } = random.one(world.room.roles);
    const file = join(world.room.points, `${point}.${name}`);
    const before = world.truth.living(name);
    const isShim = point.startsWith('shim');
    if (isShim) orphan(world, name);
    // A run that dies before it is one leaves no gap, since the shim holds the port; one that was asked to end does.
    else if (world.role(name).isServed) world.model.excuse(name, world.inside);
    if (point === 'wrapper-coded') for (const { id } of before) world.model.unknowable.add(id);
    writeFileSync(file, '');
    await world.must('restart', name);
    if (await untilReached(join(world.room.points, `${point}.hit`), true)) world.tally.points.add(point);
    rmSync(file, { force: true });
    rmSync(join(world.room.points, `${point}.hit`), { force: true });
    if (isShim) await heal(world, name);
  },
};

const guardPoint: Fault = {
  name: 'guard-point',
  what: `the guard dies at a point of its own: ${GUARD_POINTS.join(', ')}; the next command brings another one`,
  weight: 2,
  async inject(world, random) {
    const point = random.one(GUARD_POINTS);
    const file = join(world.room.points, point);
    const { over } = live(world, random);
    await pause(random.next() * 300);
    writeFileSync(file, '');
    // One that has its daemon passes its first points no more.
    if (point !== 'guard-again') for (const guard of world.room.guards()) signalExactly(guard, 'SIGKILL');
    for (const daemon of world.room.daemons()) kill(world, daemon);
    const coming = world.must('start');
    if (await untilReached(file)) world.tally.points.add(point);
    await coming;
    await over;
    await world.must('start');
  },
};

/** Whether the armed point was reached in time; it is disarmed if not. `comes`: the file is to come, not to go. */
async function untilReached(file: string, comes = false): Promise<boolean> {
  const deadline = performance.now() + PATIENCE;
  while (existsSync(file) !== comes && performance.now() < deadline) await pause(10);
  if (comes) return existsSync(file);
  const wasReached = !existsSync(file);
  rmSync(file, { force: true });
  rmSync(`${file}.hit`, { force: true });
  return wasReached;
}

export const pointFaults: readonly Fault[] = [daemonPoint, shimPoint, guardPoint];
