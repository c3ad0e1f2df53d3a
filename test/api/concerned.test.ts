/** Whom an edit concerns where a run has not told what it loaded. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { concernedBy } from '../../src/api/graph/concerned.ts';
import type { ServiceRun } from '../../src/api/graph/runs.ts';
import { specOf } from '../supervisor/services.ts';

const app = mkdtempSync(join(tmpdir(), 'upkeep-concerned-'));
afterAll(() => rmSync(app, { recursive: true }));

const spec = { ...specOf('web'), command: { argv: ['perl', 's.pl'] }, cwd: join(app, 'app') };
const run: ServiceRun = {
  service: 'web',
  run: 3,
  alive: true,
  wanted: true,
  loaded: null,
  exactness: { kind: 'not-exact', reason: 'perl is not a Node, Python or Ruby program' },
  spec: { ...spec, watch: { ...spec.watch, enabled: true } },
};

it.each([
  { file: 'app/lib/Mod.pm', found: [{ why: 'sources', effect: 'restart' }] },
  { file: 'app/node_modules/x/y.pl', found: [] },
  { file: 'app/data.txt', found: [] },
  { file: 'elsewhere/x.pl', found: [] },
])('$file', async ({ file, found }) => {
  const path = join(app, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  const { concerns, unsure } = await concernedBy(path, [run]);
  expect(concerns).toMatchObject(found);
  expect(concerns).toHaveLength(found.length);
  expect(unsure).toHaveLength(1 - found.length);
});

it('a run that has ended is no reason to say so', async () => {
  const { concerns } = await concernedBy(join(app, 'app/lib/Mod.pm'), [{ ...run, alive: false }]);
  expect(concerns).toEqual([]);
});
