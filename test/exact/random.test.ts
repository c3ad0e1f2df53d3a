/**
 * The promise itself: whatever the modules and whatever the edit, exactly those services restart whose current run
 * had loaded what was changed, once.
 *
 *   UPKEEP_EXACT_EDITS=500   how many edits; 20 for each workspace
 *   UPKEEP_EXACT_SEED=1234   the first workspace of a failure
 *   UPKEEP_EXACT_NODE=26     the services on another Node than the daemon
 */
import { expect, it } from 'vitest';
import { Room } from './room.ts';

/** In `npm test`, in two workspaces: a quick look. */
const USUAL = 20;
const EDITS = Number(process.env['UPKEEP_EXACT_EDITS'] ?? USUAL);
const EDITS_A_ROOM = EDITS > USUAL ? 20 : 10;
/** The same ones in every `npm test`, so that a red one can be seen again; others whenever more edits are asked for. */
const SEED = Number(process.env['UPKEEP_EXACT_SEED'] ?? (EDITS > USUAL ? Date.now() % 1_000_000 : 1));
const SEEDS = Array.from({ length: Math.ceil(EDITS / EDITS_A_ROOM) }, (_, n) => SEED + n);

it.each(SEEDS)(
  'restarts whom an edit concerns, and nobody else: seed %i',
  { timeout: 300_000 },
  async (seed) => {
    const room = await Room.open(seed);
    try {
      for (let n = 0; n < Math.min(EDITS, EDITS_A_ROOM); n++) await room.step();
      await room.rest();
    } finally {
      await room.rig.dispose();
    }
    expect(room.stretched).toBeLessThan(EDITS_A_ROOM);
  },
);
