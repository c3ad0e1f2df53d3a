/** What needs a room of its own: a small disk, another boot, a flood. */
import type { Random } from '../random.ts';
import type { Tally } from '../tally.ts';

export interface Stage {
  readonly tally: Tally;
  readonly random: Random;
  readonly node: string;
}

export interface Scene {
  /** As `--only` names it. */
  readonly name: string;
  readonly what: string;
  /** Only by hand: it takes a while. */
  readonly isLong: boolean;
  /** Why it cannot be played on this machine; null: it can. */
  impossible(): string | null;
  /** Throws a Violation when something does not hold. */
  play(stage: Stage): Promise<void>;
}
