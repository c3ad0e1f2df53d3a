/** The restarts of a few frameworks; `npm run frameworks` tries all of them (docs/frameworks.md). */
import { symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { QUICK } from '../frameworks/servers.ts';
import { tryOut } from '../frameworks/trial.ts';
import { testRig } from '../rig/rig.ts';

const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));

it.each(QUICK)('$name: edits, a broken one, a restart and a crash', async (framework) => {
  const rig = await testRig();
  symlinkSync(PACKAGES, rig.path('node_modules'));
  const outcome = await tryOut(rig, framework, {});
  expect(outcome).toMatchObject({
    mode: 'swap',
    unheld: null,
    edits: { failed: 0 },
    runs: 3,
    broken: { failed: 0, goesOn: true },
    restart: { failed: 0 },
    handedOff: [],
    failures: [],
  });
  // One request of each client: what was inside the dead process.
  expect(outcome.crash.failed).toBeLessThanOrEqual(4);
});
