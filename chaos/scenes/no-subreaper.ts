/** Where there is no perl, orphans do not come back to the shim: they are known by the mark in their environment. */
import { ask } from '../faults/life.ts';
import { CAST } from '../room/cast.ts';
import type { Scene } from './scene.ts';
import { withWorld } from './with-world.ts';

export const noSubreaper: Scene = {
  name: 'no-subreaper',
  what: 'without perl: who forked twice and left the session is found by its environment',
  isLong: false,
  impossible: () => null,
  async play(stage) {
    const roles = CAST.filter(({ name }) => name === 'family').map((role) => ({
      ...role,
      // One without environment, in a session of its own, is nobody's there.
      children: ['plain', 'orphan'] as const,
    }));
    await withWorld(stage, { roles, env: { UPKEEP_NO_PERL: '1' } }, async (world) => {
      await world.must('restart', 'family');
      await world.settle();
      await ask(world, 'family', '/exit/3');
      await world.settle();
      await world.must('stop', 'family');
      await world.must('start', 'family');
    });
  },
};
