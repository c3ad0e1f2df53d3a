/** An edit's run is begun at the first change of a burst, and takes over once when the burst is over, if at all. */
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ServiceStatus } from '../../src/contract/status.ts';
import { pause } from '../rig/eventually.ts';
import { signalExactly } from '../rig/processes.ts';
import { FILE, servedWeb, server, type Web } from './seamless-rig.ts';
import { entriesOf, journalOf, livingDaemon, nextDaemon, untilState } from './support.ts';

/** ms: long enough that a test can look at what is begun before it is over, on a busy machine too. */
const LONG = 1_500;
const PART = 'servers/part.mjs';

/** Answers with what its two files hold: half of a change would be seen. */
function twoParts(own: string): string {
  return `import { part } from './part.mjs';
${server('v1').replace("'v1'", `'${own} ' + part`)}console.log('run of ${own} ' + part);
`;
}

async function servedParts(quiet: number | undefined): Promise<Web> {
  const web = await servedWeb({
    text: twoParts('a1'),
    service: { ...(quiet !== undefined && { watch: { quiet } }) },
    prepare: (rig) => rig.write(PART, part('b1')),
  });
  await web.answers('a1 b1');
  return web;
}

const part = (content: string) => `export const part = '${content}';\n`;
const save = (web: Web, own: string) => web.rig.write(FILE, twoParts(own));

/** The run that is on trial: it has been begun, and nobody was told so. */
async function onTrial(web: Web, after = 1): Promise<number> {
  const { run } = (await web.rig.eventually(
    async () => (await web.rig.service('web')).successor,
    'a run on trial',
  )) as NonNullable<ServiceStatus['successor']>;
  expect(run).toBeGreaterThan(after);
  expect(entriesOf(web.rig, 'run-started', 'web')).toHaveLength(1);
  return run;
}

/** It has loaded this file of the project, as its report tells. */
function hasLoaded(web: Web, run: number, file: string): Promise<unknown> {
  return web.rig.eventually(() => {
    const report = `.upkeep/runs/web/${run}/loaded`;
    return existsSync(web.rig.path(report)) && web.rig.read(report).includes(web.rig.path(file));
  }, `run ${run} has loaded ${file}`);
}

/** One restart, of which nobody saw more than its beginning and its end. */
async function expectOneSwap(web: Web, before: string, after: string): Promise<void> {
  await web.answers(after);
  await web.settled();
  await web.expectNoneFailed();
  expect([...web.load.answers.keys()]).toEqual([before, after]);
  expect(web.swaps).toBe(1);
  expect(await web.rig.service('web')).toMatchObject({ restarts: 1, editFailed: null });
  const runs = entriesOf(web.rig, 'run-started', 'web').map(({ run }) => run);
  expect(runs).toHaveLength(2);
  expect(web.rig.read('.server-logs/web.log').trim().split('\n')).toEqual([
    `run of ${before}`,
    `run of ${after}`,
  ]);
}

it('a save: its run is begun before the quiet period is over, and takes over after it', async () => {
  const web = await servedParts(LONG);
  save(web, 'a2');
  const run = await onTrial(web);
  await hasLoaded(web, run, PART);
  expect(web.swaps).toBe(0);
  await expectOneSwap(web, 'a1 b1', 'a2 b1');
  expect((await web.rig.service('web')).run).toBe(run);
});

it('a second file that is saved after the run has loaded it: another run, and one swap', async () => {
  const web = await servedParts(LONG);
  save(web, 'a2');
  const run = await onTrial(web);
  await hasLoaded(web, run, PART);
  web.rig.write(PART, part('b2'));
  await web.rig.eventually(async () => (await web.rig.service('web')).successor === null, 'set aside');
  await expectOneSwap(web, 'a1 b1', 'a2 b2');
  const { cause } = await web.rig.service('web');
  expect(cause).toMatchObject({ kind: 'edit', files: [PART, FILE] });
  await web.rig.eventually(
    () => !existsSync(web.rig.path(`.upkeep/runs/web/${run}`)),
    'nothing is left of the run that was set aside',
  );
});

it('away and back within the quiet period: nothing has restarted', async () => {
  const web = await servedParts(LONG);
  save(web, 'a2');
  await hasLoaded(web, await onTrial(web), PART);
  save(web, 'a1');
  await web.rig.eventually(async () => (await web.rig.service('web')).successor === null, 'set aside');
  await web.settled();
  expect(await web.rig.service('web')).toMatchObject({ run: 1, restarts: 0 });
  // What is watched is what the run before has loaded, as ever.
  web.rig.write(PART, part('b3'));
  await expectOneSwap(web, 'a1 b1', 'a1 b3');
});

it('a save in two halves, and a broken one that is mended at once, are never told', async () => {
  const web = await servedParts(LONG);
  web.rig.write(FILE, '');
  await pause(100);
  expect((await web.rig.service('web')).successor).toBe(null);
  web.rig.write(FILE, 'const = 3;\n');
  await pause(400);
  save(web, 'a2');
  await expectOneSwap(web, 'a1 b1', 'a2 b1');
  expect(journalOf(web.rig).map(({ kind }) => kind)).not.toContain('edit-failed');
});

it('kill -9 of the daemon meanwhile: the run on trial never serves, and the edit is not lost', async () => {
  const web = await servedParts(LONG);
  const daemon = livingDaemon(web.rig);
  save(web, 'a2');
  const run = await onTrial(web);
  await hasLoaded(web, run, PART);
  signalExactly(daemon, 'SIGKILL');
  await nextDaemon(web.rig, daemon);
  await expectOneSwap(web, 'a1 b1', 'a2 b1');
  expect((await web.rig.service('web')).run).toBeGreaterThan(run);
});

it('restart and stop meanwhile do what they say', async () => {
  const web = await servedParts(LONG);
  save(web, 'a2');
  const run = await onTrial(web);
  await web.rig.ok('restart', 'web');
  expect((await web.rig.service('web')).run).toBe(run + 1);
  await web.answers('a2 b1');
  await web.settled();
  await web.expectNoneFailed();
  expect(web.swaps).toBe(1);
  save(web, 'a3');
  await web.rig.eventually(async () => (await web.rig.service('web')).successor, 'a run on trial');
  await web.rig.ok('stop', 'web');
  expect(await untilState(web.rig, 'web', 'stopped')).toMatchObject({ pid: null });
});

it('ten saves, 300 ms apart, and again: one swap by the first, one after the last; then one in all', async () => {
  const web = await servedParts(undefined);
  const tenSaves = async (series: number) => {
    for (let n = 0; n < 10; n++) {
      save(web, `a${series}${n}`);
      await pause(300);
    }
    await web.answers(`a${series}9 b1`);
    await web.settled();
  };
  await tenSaves(2);
  const first = web.swaps;
  await tenSaves(3);
  await web.expectNoneFailed();
  console.log(`ten saves 300 ms apart: ${first} swaps, then ${web.swaps - first}`);
  // On a busy machine a pause is longer than the rhythm lets expect.
  expect(web.swaps).toBeLessThanOrEqual(6);
  expect((await web.rig.service('web')).editFailed).toBe(null);
});
