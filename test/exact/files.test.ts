/** Files that are no sources, services that write their own, and what is known of services that tell nothing. */
import { appendFileSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { expectRuns, journalOf, untilState } from '../e2e/support.ts';
import { loading, restartedBy, settled, staysIn, story } from './story.ts';

it('a service that writes JSON which it loads does not loop for ever, and status says so', async () => {
  const write = "import { createRequire } from 'node:module';\nimport { writeFileSync } from 'node:fs';\n";
  const load = "createRequire(import.meta.url)('../data/state.json');\n";
  // Not in the very tick in which it has loaded it: the kernel's stamps may not tell these apart.
  const own =
    "setTimeout(() => writeFileSync('data/state.json', JSON.stringify({ now: Date.now(), pid: process.pid })), 50);\n";
  const rig = await story((r) => ({ web: { command: loading(r, 'web', write + load + own) } }));
  rig.write('data/state.json', '{}\n');
  await rig.ok('start');
  await rig.eventually(
    async () => (await rig.status()).notes.some((note) => note.includes('data/state.json')),
    'status says which file it writes',
    { within: 30_000 },
  );
  // A restart by it is put off twice as long as the one before: in ten minutes there are ten.
  await settled(rig);
  expect((await untilState(rig, 'web', 'ready')).run).toBeLessThan(11);
  // Its sources go on to count. Perhaps together with what it has written itself.
  const countsAgain = () =>
    journalOf(rig).some(
      (entry) =>
        entry.kind === 'run-started' &&
        entry.cause.kind === 'edit' &&
        entry.cause.files.includes(rig.entry('web')),
    );
  // An edit just before its next restart is in that run already.
  for (let left = 4; left > 0 && !countsAgain(); left--) {
    appendFileSync(rig.path(rig.entry('web')), '// edited\n');
    await rig.eventually(countsAgain, 'its sources go on to count', { within: 5_000 }).catch(() => undefined);
  }
  expect(countsAgain()).toBe(true);
});

it('a change of package.json or of the lock file is told, and restarts where that is wanted', async () => {
  const rig = await story(() => ({ told: {}, asked: { watch: { packages: true } } }));
  rig.write('package.json', '{ "type": "module" }\n');
  rig.write('package-lock.json', '{}\n');
  await rig.ok('start');
  rig.write('package-lock.json', '{ "lockfileVersion": 3 }\n');
  await restartedBy(rig, 'asked', 'package-lock.json');
  rig.write('package.json', '{ "type": "module", "private": true }\n');
  await restartedBy(rig, 'asked', 'package.json');
  const { notes } = await staysIn(rig, 'told', 1);
  expect(notes.join()).toMatch(/package-lock\.json.*package\.json|package\.json.*package-lock\.json/);
  await rig.ok('restart', 'told');
  expect((await rig.service('told')).notes).toEqual([]);
});

it('an env file counts, and its new value is there', async () => {
  const rig = await story(() => ({ web: { envFile: '.env' }, other: {} }));
  rig.write('.env', 'COLOUR=red\n');
  await rig.ok('start');
  expect((await rig.nextInvocation('web')).hello.env['COLOUR']).toBe('red');
  rig.write('.env', 'COLOUR=green\n');
  expect((await rig.nextInvocation('web')).hello.env['COLOUR']).toBe('green');
  await restartedBy(rig, 'web', '.env');
  await staysIn(rig, 'other', 1);
  // Without it no run could be started: the one that serves goes on, also where it would be stopped first.
  rmSync(rig.path('.env'));
  await rig.eventually(async () => (await rig.service('web')).editFailed !== null, 'the edit has failed');
  const failed = await staysIn(rig, 'web', 2);
  expect(failed.editFailed?.message).toMatch(/^cannot be started: The env file .* does not exist$/);
  rig.write('.env', 'COLOUR=blue\n');
  expect((await rig.nextInvocation('web')).hello.env['COLOUR']).toBe('blue');
});

it('watch: false leaves it alone, whatever it has loaded', async () => {
  const rig = await story((r) => ({
    web: { watch: false, command: loading(r, 'web', "import '../lib/near.mjs';") },
  }));
  rig.write('lib/near.mjs', 'export {};\n');
  await rig.ok('start');
  rig.write('lib/near.mjs', 'export const near = 1;\n');
  expect((await staysIn(rig, 'web', 1)).watching).toEqual({ kind: 'off' });
});

it('one that clears its environment is not exact, says why, and restarts by globs', async () => {
  const rig = await story((r) => {
    const [, entry = '', name = ''] = loading(r, 'web', "import '../lib/near.mjs';");
    const words = ['env', '-i', `PATH=${r.env['PATH']}`, 'node', entry, name, `--socket=${r.socket}`];
    return { web: { command: words } };
  });
  rig.write('lib/near.mjs', 'export {};\n');
  await rig.ok('start');
  await rig.eventually(
    async () => (await rig.service('web')).watching.kind === 'not-exact',
    'it is known that it tells nothing',
  );
  expect((await rig.service('web')).watching).toMatchObject({
    reason: expect.stringMatching(/environment|not a Node/),
  });
  const { notes } = await rig.service('web');
  expect(notes.join()).toContain('not followed exactly');
  rig.write('lib/near.mjs', 'export const near = 1;\n');
  await restartedBy(rig, 'web', 'lib/near.mjs');
  await expectRuns(rig, 'web', 2);
});

it('one that starts a process with an environment of its own is not exact from then on, and says why', async () => {
  const rig = await story((r) => {
    r.write('app/main.mjs', "import '../lib/near.mjs'; import { fork } from 'node:child_process';\n");
    r.write('app/child.mjs', "import './part.mjs'; setInterval(() => undefined, 1e6);\n");
    r.write('app/part.mjs', 'export {};\n');
    r.write('lib/near.mjs', 'export {};\n');
    const main = r.read('app/main.mjs');
    r.write(
      'app/main.mjs',
      `${main}fork('child.mjs', [], { env: { OWN: '1' } });\nsetInterval(() => undefined, 1e6);\n`,
    );
    return { web: { command: ['node', 'main.mjs'], cwd: 'app' } };
  });
  await rig.ok('start');
  await rig.eventually(
    async () => (await rig.service('web')).watching.kind === 'not-exact',
    'it is known not to be exact',
  );
  expect((await rig.ok('status')).stdout).toContain('is given an environment of its own');
  rig.write('app/part.mjs', 'export const part = 2;\n');
  await restartedBy(rig, 'web', 'app/part.mjs');
  // What it tells counts as ever.
  rig.write('lib/near.mjs', 'export const near = 2;\n');
  await restartedBy(rig, 'web', 'lib/near.mjs');
});

it('a linked package is edited by its real path and by its link', async () => {
  const rig = await story((r) => ({ web: { command: loading(r, 'web', "import 'shared';") }, other: {} }));
  rig.write('packages/shared/package.json', '{ "name": "shared", "main": "main.cjs" }\n');
  rig.write('packages/shared/main.cjs', "require('./inner.cjs');\n");
  rig.write('packages/shared/inner.cjs', '// inner\n');
  mkdirSync(rig.path('node_modules'));
  symlinkSync('../packages/shared', rig.path('node_modules/shared'));
  await rig.ok('start');
  rig.write('packages/shared/inner.cjs', '// by its real path\n');
  await restartedBy(rig, 'web', 'packages/shared/inner.cjs');
  rig.write('node_modules/shared/inner.cjs', '// by its link\n');
  await rig.eventually(async () => (await rig.service('web')).run === 3, 'the third run');
  await restartedBy(rig, 'web', 'packages/shared/inner.cjs');
  await staysIn(rig, 'web', 3);
  await expectRuns(rig, 'other', 1);
});
