/** A short run of the fault machine. A failure names its seed: UPKEEP_CHAOS_SEED repeats it. */
import { expect, it } from 'vitest';
import { choose, runMachine } from '../../chaos/machine.ts';
import { NODE } from '../rig/rig.ts';

/** Of the scenes the one that no other test has. */
const CHOSEN = {
  faults: choose([], false).faults,
  scenes: choose(['reboot'], false).scenes,
};
const SEED = Number(process.env.UPKEEP_CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31));

it(`whatever is killed, nothing else ends, fails, is lost or doubled (seed ${SEED})`, async () => {
  const told: string[] = [];
  const tell = (line: string) => void told.push(line);
  const options = { seed: SEED, faults: 14, within: 40_000, chosen: CHOSEN, node: NODE, tell };
  const { violation, tally } = await runMachine(options);
  expect(violation, told.join('\n')).toBe(null);
  expect(tally).toMatchObject({ failed: 0, lost: 0, doubled: 0, garbled: 0, unknownExits: 0, duplicates: 0 });
  expect(tally.asked).toBeGreaterThan(100);
  expect(tally.printed).toBeGreaterThan(1_000);
}, 120_000);
