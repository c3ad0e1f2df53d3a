/** The restarts of a few frameworks; `npm run frameworks` tries all of them (docs/frameworks.md). */
import { symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { QUICK } from '../frameworks/servers.ts';
import { tryOut } from '../frameworks/trial.ts';
import { testRig } from '../rig/rig.ts';
import { FILE, servedWeb, server } from './seamless-rig.ts';

const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));

it.each(QUICK)('$name: edits, a broken one, a restart and a crash', async (framework) => {
  const rig = await testRig();
  symlinkSync(PACKAGES, rig.path('node_modules'));
  const outcome = await tryOut(rig, framework, {});
  expect(outcome).toMatchObject({
    mode: 'swap',
    unheld: null,
    edits: { failed: 0 },
    restarts: 3,
    broken: { failed: 0, goesOn: true },
    restart: { failed: 0 },
    handedOff: [],
    failures: [],
  });
  // One request of each client: what was inside the dead process.
  expect(outcome.crash.failed).toBeLessThanOrEqual(4);
});

it('node --watch restarts its program: no run is started for an edit, of a second run neither', async () => {
  const web = await servedWeb({ service: { command: ['node', '--watch', FILE] } });
  web.save(server('v2'));
  await web.answers('v2');
  await web.rig.ok('restart', 'web');
  await web.settled();
  web.save(server('v3'));
  await web.answers('v3');
  await web.load.stop();
  // What it was answering is lost; its port is held meanwhile.
  expect(web.load.failures.filter(({ what }) => what === 'ECONNREFUSED')).toEqual([]);
  expect(await web.rig.service('web')).toMatchObject({
    run: 2,
    restarts: 1,
    watching: { kind: 'own-reload' },
  });
});
