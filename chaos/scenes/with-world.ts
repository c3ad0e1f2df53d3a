/** A world for the length of a scene. */
import { CAST } from '../room/cast.ts';
import type { RoomOptions } from '../room/room.ts';
import { Violation, World } from '../world.ts';
import type { Stage } from './scene.ts';

export async function withWorld(
  { tally, node }: Stage,
  options: Partial<RoomOptions>,
  play: (world: World) => Promise<void>,
): Promise<void> {
  const world = await World.begin({ roles: CAST, node, ...options }, tally);
  try {
    await play(world);
    await world.settle();
    await world.audit();
    await world.finish();
  } catch (error) {
    const what = error instanceof Violation ? error.message : String((error as Error).stack);
    throw new Violation(`${what}\n\n${await world.diagnosis()}`);
  } finally {
    await world.end();
  }
}
