/** The daemon is killed, alone and with its guard, at any instant. */
import { eventually, pause } from '../../test/rig/eventually.ts';
import { isAlive, type ProcessInfo, signalExactly } from '../../test/rig/processes.ts';
import { answeringDaemon, untilAnotherAnswers } from '../observe/daemon.ts';
import { Violation, type World } from '../world.ts';
import type { Fault } from './fault.ts';
import { live } from './life.ts';

/** ms within which all of a restart happens: any instant of it is tried. */
const RESTART_MS = 700;

export const daemonKill: Fault = {
  name: 'daemon-kill',
  what: 'kill -9 of the daemon at any instant of a restart, a stop, a crash or an edit',
  weight: 12,
  async inject(world, random) {
    const { over } = live(world, random);
    await pause(random.next() * RESTART_MS);
    await killDaemon(world);
    await over;
  },
};

export const daemonKills: Fault = {
  name: 'daemon-kills',
  what: 'three kills of the daemon, each before the next one has recovered',
  weight: 3,
  async inject(world, random) {
    const { over } = live(world, random);
    for (let round = 0; round < 3; round++) {
      await pause(random.next() * 120);
      for (const daemon of world.room.daemons()) kill(world, daemon);
    }
    await over;
  },
};

export const guardAndDaemon: Fault = {
  name: 'guard-and-daemon-kill',
  what: 'kill -9 of guard and daemon; the next command brings both back',
  weight: 2,
  async inject(world, random) {
    const { over } = live(world, random);
    await pause(random.next() * RESTART_MS);
    for (const guard of world.room.guards()) signalExactly(guard, 'SIGKILL');
    for (const daemon of world.room.daemons()) kill(world, daemon);
    // A moment without anybody: services go on.
    await pause(random.next() * 200);
    await world.must('start');
    await over;
  },
};

export const guardKill: Fault = {
  name: 'guard-kill',
  what: 'kill -9 of the guard alone: the daemon goes on, and gets a guard with its successor',
  weight: 2,
  async inject(world, random) {
    const { over } = live(world, random);
    await pause(random.next() * 300);
    for (const guard of world.room.guards()) signalExactly(guard, 'SIGKILL');
    await over;
    for (const daemon of world.room.daemons()) kill(world, daemon);
    await world.must('start');
  },
};

/** Kills it, and measures until the next one answers. Without one it waits for one. */
export async function killDaemon(world: World): Promise<void> {
  world.tally.back.push(await timedKill(world));
  world.tally.bareBack.push(await world.bare.kill());
}

/** ms until the next one answers. */
export async function timedKill(world: World): Promise<number> {
  const daemon = await eventually(() => world.room.daemons()[0], 'a daemon');
  kill(world, daemon);
  try {
    return await untilAnotherAnswers(() => answeringDaemon(world.room), daemon.pid);
  } catch (error) {
    throw new Violation((error as Error).message);
  }
}

export function kill(world: World, daemon: ProcessInfo): void {
  if (!isAlive(daemon.pid)) return;
  signalExactly(daemon, 'SIGKILL');
  world.tally.daemonKills += 1;
}

export const daemonFaults: readonly Fault[] = [daemonKill, daemonKills, guardAndDaemon, guardKill];
