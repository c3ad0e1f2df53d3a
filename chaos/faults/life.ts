/** What goes on in a workspace on any day, while something else fails: edits, restarts, crashes, output. */
import { get } from 'node:http';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';

/** Begins something; what it answers resolves when that is over. It must not be waited for before the fault. */
type Event = (world: World, random: Random) => Promise<void>;

const EVENTS: readonly { readonly weight: number; readonly begin: Event }[] = [
  { weight: 2, begin: async () => undefined },
  { weight: 4, begin: async (world, random) => world.edit(random.one(['web', 'web', 'api'])) },
  {
    weight: 2,
    begin: (world, random) => crash(world, random.one(['worker', 'family']), random.whole(1, 99)),
  },
  { weight: 2, begin: (world, random) => ask(world, 'worker', `/print/${random.whole(100, 2_000)}`) },
  { weight: 2, begin: (world, random) => restart(world, random.one(['web', 'api', 'worker', 'family'])) },
  { weight: 1, begin: (world) => stopAndStart(world, 'family') },
  {
    weight: 1,
    begin: (world, random) => crashServed(world, random.one(['web', 'api']), random.whole(1, 99)),
  },
];

/** Something of a day's work begins. Resolves to a wait for its end. */
export function live(world: World, random: Random): { readonly over: Promise<void> } {
  const over = random.weighted(EVENTS).begin(world, random);
  // Whoever waits for it is told; the fault comes first.
  over.catch(() => undefined);
  return { over };
}

/** It ends by itself, with this code. */
async function crash(world: World, service: string, code: number): Promise<void> {
  await ask(world, service, `/exit/${code}`);
}

async function crashServed(world: World, service: string, code: number): Promise<void> {
  world.model.excuse(service, world.inside);
  await crash(world, service, code);
}

/** The daemon may be killed under the command, which then says so and has to be given again. */
async function restart(world: World, service: string): Promise<void> {
  await world.must('restart', service);
}

async function stopAndStart(world: World, service: string): Promise<void> {
  await world.must('stop', service);
  await world.must('start', service);
}

/** Nothing is said of one that does not answer: it may just be restarted. */
export function ask(world: World, service: string, path: string): Promise<void> {
  return new Promise((resolve) => {
    const options = { port: world.room.port(service), host: '127.0.0.1', path, agent: false, timeout: 5_000 };
    const request = get(options, (response) => {
      response.resume().once('close', resolve);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve());
  });
}
