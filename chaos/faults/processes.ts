/** What stands around a service is killed: its run, its children, its wrapper, its shim. */
import { pause } from '../../test/rig/eventually.ts';
import { signalExactly } from '../../test/rig/processes.ts';
import { type Life, processOf } from '../observe/truth.ts';
import type { World } from '../world.ts';
import { kill } from './daemon.ts';
import type { Fault } from './fault.ts';
import { live } from './life.ts';

const MOMENT_MS = 400;

const runKill: Fault = {
  name: 'run-kill',
  what: 'kill -9 of a run, and sometimes of the daemon at the same time',
  weight: 4,
  async inject(world, random) {
    const { over } = live(world, random);
    await pause(random.next() * MOMENT_MS);
    const { name } = random.one(world.room.roles);
    for (const life of world.truth.living(name)) killRun(world, life);
    if (random.next() < 0.5) for (const daemon of world.room.daemons()) kill(world, daemon);
    await over;
  },
};

const childKill: Fault = {
  name: 'child-kill',
  what: 'kill -9 of a child or grandchild of a run',
  weight: 1,
  async inject(world, random) {
    const { over } = live(world, random);
    const parents = world.room.roles.filter(({ children }) => children.length > 0);
    for (const life of world.truth.living(random.one(parents).name)) {
      const children = world.truth.children(life);
      if (children.length > 0) signalExactly(random.one(children), 'SIGKILL');
    }
    await over;
  },
};

const wrapperKill: Fault = {
  name: 'wrapper-kill',
  what: 'kill -9 of the wrapper that would write the exit code',
  weight: 2,
  async inject(world, random) {
    const { name } = random.one(world.room.roles);
    forgetExits(world, name);
    for (const wrapper of world.room.shims(name).wrappers) signalExactly(wrapper, 'SIGKILL');
    await pause(random.next() * MOMENT_MS);
    await live(world, random).over;
    forgetExits(world, name);
  },
};

const shimKill: Fault = {
  name: 'shim-kill',
  what: 'kill -9 of a shim, and sometimes of the daemon at the same time',
  weight: 3,
  async inject(world, random) {
    const { over } = live(world, random);
    await pause(random.next() * MOMENT_MS);
    const { name } = random.one(world.room.roles);
    orphan(world, name);
    const { shim } = world.room.shims(name);
    if (shim !== null) signalExactly(shim, 'SIGKILL');
    if (random.next() < 0.3) for (const daemon of world.room.daemons()) kill(world, daemon);
    await over;
    await heal(world, name);
  },
};

/** The shim of a service is about to die: nobody can take its port over without a gap, nor find who left the run's session. */
export function orphan(world: World, service: string): void {
  if (world.role(service).isServed) {
    world.model.excuse(service, null);
    world.model.noisy.add(service);
  }
  for (const { id } of world.truth.lives(service)) world.model.unswept.add(id);
}

/** Gives it a shim again that holds its port. */
export async function heal(world: World, service: string): Promise<void> {
  await world.must('restart', '--hard', service);
  for (const { id } of world.truth.lives(service)) world.model.unswept.add(id);
}

export function killRun(world: World, life: Life): void {
  const info = processOf(life);
  if (info === null) return;
  world.model.excuse(life.service, world.inside);
  // Unless it was just ending by itself.
  if (world.truth.ended(life) === null) world.model.ends.set(life.id, { signal: 'SIGKILL' });
  signalExactly(info, 'SIGKILL');
}

/** Who writes the exit of these down was killed. */
function forgetExits(world: World, service: string): void {
  for (const { id } of world.truth.living(service)) world.model.unknowable.add(id);
}

export const processFaults: readonly Fault[] = [runKill, childKill, wrapperKill, shimKill];
