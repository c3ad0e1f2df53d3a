/** What a service may print: faster than any disk takes it, a line without end, bytes that are no text. */
import { readFileSync } from 'node:fs';
import { eventually } from '../../test/rig/eventually.ts';
import { kill } from '../faults/daemon.ts';
import { ask } from '../faults/life.ts';
import { answeringDaemon } from '../observe/daemon.ts';
import { CAST, type Role } from '../room/cast.ts';
import { Violation, type World } from '../world.ts';
import type { Scene } from './scene.ts';
import { withWorld } from './with-world.ts';

const web = CAST.filter(({ name }) => name === 'web');
const usual = CAST.find(({ name }) => name === 'worker') as Role;
/** It prints when it is asked to. */
const printer = (name: string, filling: number): Role => ({
  ...usual,
  name,
  filling,
  every: 0,
  service: { mode: 'plain', watch: false, logs: { maxSize: '1000MB' } },
});

/** Of 1,000 lines of 1,000 bytes each. */
const PIECES = 20;
const PIECE = 10_000;

const flood: Scene = {
  name: 'flood',
  what: '200 MB are printed as fast as they can be, with kills of the daemon: others are served, and each line is kept',
  isLong: false,
  impossible: () => null,
  async play(stage) {
    await withWorld(stage, { roles: [...web, printer('flood', 1_000)] }, async (world) => {
      for (let piece = 0; piece < PIECES; piece++) {
        await ask(world, 'flood', `/print/${PIECE}`);
        if (piece % 8 === 4) for (const daemon of world.room.daemons()) kill(world, daemon);
        else await mustAnswer(world);
      }
    });
  },
};

const MEGABYTES = 50;

const longLine: Scene = {
  name: 'long-line',
  what: 'a line of 50 MB without a newline, with a kill of the daemon',
  isLong: false,
  impossible: () => null,
  async play(stage) {
    await withWorld(stage, { roles: [...web, printer('long', 10)] }, async (world) => {
      await ask(world, 'long', `/line/${MEGABYTES * 1024 * 1024}`);
      for (const daemon of world.room.daemons()) kill(world, daemon);
      await ask(world, 'long', '/print/10');
      await world.settle();
      await mustAnswer(world);
      const { code, stderr } = await world.room.cli('logs', 'long', '-n', '2');
      if (code !== 0) throw new Violation(`upkeep logs: exit ${code} ${stderr}`);
    });
  },
};

const binary: Scene = {
  name: 'binary',
  what: 'every byte there is, a thousand times, with a kill of the daemon: the log holds these very bytes',
  isLong: false,
  impossible: () => null,
  async play(stage) {
    await withWorld(stage, { roles: [...web, printer('binary', 10)] }, async (world) => {
      // What is no line is looked at here.
      world.model.noisy.add('binary');
      await ask(world, 'binary', '/bytes/1000');
      for (const daemon of world.room.daemons()) kill(world, daemon);
      await ask(world, 'binary', '/bytes/1000');
      await ask(world, 'binary', '/print/10');
      await world.settle();
      await world.audit();
      const log = readFileSync(world.room.path('.server-logs', 'binary.log'));
      const bytes = Buffer.from(Array.from({ length: 1_000 * 256 }, (_, index) => index % 256));
      const printed = Buffer.concat([bytes, Buffer.from('\n'), bytes, Buffer.from('\n')]);
      if (!log.includes(printed)) throw new Violation('the bytes in the log are not those that were printed');
      const { code, stderr } = await world.room.cli('logs', 'binary', '-n', '20');
      if (code !== 0) throw new Violation(`upkeep logs: exit ${code} ${stderr}`);
    });
  },
};

/** The one before may just have been killed. */
async function mustAnswer(world: World): Promise<void> {
  await eventually(async () => (await answeringDaemon(world.room)) !== null, 'a daemon that answers');
}

export const outputScenes: readonly Scene[] = [flood, longLine, binary];
