/**
 * A run that is begun at the first save of a burst is on trial until the burst is over. One that is set aside then has
 * served nobody, and nobody is told of it: neither its start, nor its end, nor what it printed.
 */
import { journalStarts } from '../observe/exits.ts';
import type { Life } from '../observe/truth.ts';
import type { World } from '../world.ts';

/** Whether it was set aside: it never answered, and the journal knows nothing of it. */
export function wasOnTrial(world: World, { service, id }: Life): boolean {
  const load = world.loads.get(service);
  if (load === undefined || [...load.answers.keys()].some((body) => body.includes(id))) return false;
  const run = world.exits.get(id)?.run;
  // Its folder may have been removed with it, before anybody has looked.
  return run === undefined || !journalStarts(world.room, service).has(run);
}
