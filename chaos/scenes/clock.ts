/** The clock is set back and forward under daemon, commands and services. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { killDaemon } from '../faults/daemon.ts';
import { live } from '../faults/life.ts';
import type { Scene } from './scene.ts';
import { withWorld } from './with-world.ts';

const CLOCK = fileURLToPath(new URL('../room/clock.cjs', import.meta.url));
const HOUR = 3_600_000;
/** In ms, one after the other. */
const OFFSETS = [-HOUR, 24 * HOUR, -24 * HOUR, 60_000, 0];

export const clock: Scene = {
  name: 'clock',
  what: 'the clock is set back and forward by a minute, an hour and a day, with kills of the daemon between',
  isLong: false,
  impossible: () => null,
  async play(stage) {
    const env: NodeJS.ProcessEnv = { NODE_OPTIONS: `--require ${CLOCK}` };
    const prepare = (base: string) => {
      env.CHAOS_CLOCK = join(base, 'clock');
      writeFileSync(env.CHAOS_CLOCK, '0');
    };
    await withWorld(stage, { env, prepare }, async (world) => {
      for (const offset of OFFSETS) {
        writeFileSync(env.CHAOS_CLOCK ?? '', String(offset));
        world.detail = `the clock is off by ${offset} ms`;
        await live(world, stage.random).over;
        // An edit that no daemon sees is told by the stamps of its file, and those are of the kernel's clock.
        await world.settle();
        await killDaemon(world);
        await world.settle();
      }
    });
  },
};
