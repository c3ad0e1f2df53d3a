/** What a fault is: something that happens to a room in which all is as it must be. */
import type { Random } from '../random.ts';
import type { World } from '../world.ts';

export interface Fault {
  /** As `--only` names it. */
  readonly name: string;
  /** What happens, in a few words. */
  readonly what: string;
  /** How often it comes, beside the others. */
  readonly weight: number;
  /** Resolves when it is over and all may come to rest. What it excuses, it tells the model. */
  inject(world: World, random: Random): Promise<void>;
}
