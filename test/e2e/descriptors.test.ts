/** Swaps leave no descriptor behind: of the daemon, of the shim, of what a run inherits. */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { lookUp } from '../rig/processes.ts';
import type { Rig } from '../rig/rig.ts';
import { servedWeb } from './seamless-rig.ts';
import { livingDaemon, untilState } from './support.ts';

const SWAPS = Number(process.env['UPKEEP_SWAPS'] ?? 15);
/** Until then what is opened once has been opened. */
const FIRST = 3;
/** ms for one swap on a busy machine. */
const PATIENCE = 5_000;

const count = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

async function descriptors(rig: Rig): Promise<Record<string, number>> {
  const run = (await untilState(rig, 'web', 'ready')).pid ?? 0;
  // The wrapper stands between them.
  const shim = lookUp(lookUp(run)?.ppid ?? 0)?.ppid ?? 0;
  return { daemon: count(livingDaemon(rig).pid), shim: count(shim), run: count(run) };
}

it(`${SWAPS} swaps leave no descriptor open`, { timeout: 60_000 + SWAPS * PATIENCE }, async () => {
  const { rig, load } = await servedWeb({ service: { watch: false } });
  await load.stop();
  const restart = async (times: number) => {
    for (let swap = 0; swap < times; swap++) await rig.ok('restart', 'web');
  };
  await restart(FIRST);
  await rig.eventually(
    () => readdirSync(rig.path('.upkeep')).some((name) => name.startsWith('ask-')),
    'the daemon can be asked',
  );
  const before = await descriptors(rig);
  await restart(SWAPS - FIRST);
  await rig.eventually(async () => {
    // Then one may have been open that was about to be closed.
    for (const [process, found] of Object.entries(await descriptors(rig)))
      expect(found, process).toBeLessThanOrEqual(before[process] ?? 0);
    return true;
  }, 'no more descriptors than after the first swaps');
  expect(await rig.service('web')).toMatchObject({ run: SWAPS + 1, mode: 'swap' });
});
