import { expect, it } from 'vitest';
import { endProcesses } from '../../../src/cli/clean/end-processes.ts';
import type { Leftover } from '../../../src/cli/clean/leftovers.ts';

const leftover = (pid: number): Leftover => ({ pid, start: pid, service: 'web', run: 1 });

/** Processes that end by the signals named for them. */
function world(deadlyTo: Map<number, string[]>) {
  const alive = new Set(deadlyTo.keys());
  const log: string[] = [];
  let now = 0;
  return {
    log,
    isAlive: ({ pid }: Leftover) => alive.has(pid),
    signal({ pid }: Leftover, signal: string) {
      log.push(`${now} ${signal} ${pid}`);
      if (deadlyTo.get(pid)?.includes(signal)) alive.delete(pid);
    },
    pause: async (ms: number) => {
      now += ms;
    },
    grace: 5_000,
  };
}

it('asks first, kills after the grace what did not go, and says which', async () => {
  const found = [leftover(1), leftover(2), leftover(3)];
  const deadly = new Map([
    [1, ['SIGTERM']],
    [2, ['SIGKILL']],
    [3, []],
  ]);
  const rig = world(deadly);
  const endings = await endProcesses(found, rig);
  expect([...endings.values()]).toEqual(['ended', 'killed', 'alive']);
  expect(rig.log).toEqual(['0 SIGTERM 1', '0 SIGTERM 2', '0 SIGTERM 3', '5000 SIGKILL 2', '5000 SIGKILL 3']);
});

it('does not wait for what has gone, nor signal what is somebody else by now', async () => {
  const rig = world(new Map([[1, ['SIGTERM']]]));
  const endings = await endProcesses([leftover(1), leftover(2)], rig);
  expect(rig.log).toEqual(['0 SIGTERM 1']);
  expect([...endings.values()]).toEqual(['ended', 'ended']);
});
