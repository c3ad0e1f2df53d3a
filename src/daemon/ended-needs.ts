/** What a service needs and that has ended: its restart policy does not start it again, so it is waited for in vain. */
import { describeExit, UNPARK } from '../contract/words.ts';
import type { Service, World } from '../supervisor/state.ts';
import { blockers } from '../supervisor/world.ts';

/** Remarks for who waits: one for each. */
export function endedNeeds(world: World, service: Service): string[] {
  return blockers(world, service).flatMap((name) => {
    const end = endOf(world, name);
    return end === null ? [] : [`${name} ${end}; ${UNPARK}`];
  });
}

/** `migrate, which ended with exit 4`. */
export function named(world: World, name: string): string {
  const end = endOf(world, name);
  return end === null ? name : `${name}, which ${end}`;
}

function endOf(world: World, name: string): string | null {
  const state = world.get(name)?.state;
  return state?.kind === 'exited' ? `ended with ${describeExit(state.exit)}` : null;
}
