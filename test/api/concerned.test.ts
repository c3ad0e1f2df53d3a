/** Whom an edit concerns where a run has not told what it loaded. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { concernedBy } from '../../src/api/graph/concerned.ts';
import type { ServiceRun } from '../../src/api/graph/runs.ts';
import { Loaded } from '../../src/loads/loaded.ts';
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
  isBuilt: false,
  makes: false,
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

it('what the globs of its language take back is no source', async () => {
  const rust = { ...run, spec: { ...spec, command: { argv: ['cargo', 'run'] } } };
  for (const [file, why] of Object.entries({
    'app/a.rs': ['sources'],
    'app/a.txt': [],
    'app/target/b.rs': [],
  })) {
    const path = join(app, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    const { concerns } = await concernedBy(path, [rust]);
    expect(concerns.map((each) => each.why)).toEqual(why);
  }
});

it('a file that the command names', async () => {
  const path = join(app, 'app/s.pl');
  writeFileSync(path, '');
  const { concerns } = await concernedBy(path, [{ ...run, alive: false }]);
  expect(concerns).toMatchObject([{ why: 'command', effect: 'restart' }]);
});

it('a run that has ended is no reason to say so', async () => {
  const { concerns } = await concernedBy(join(app, 'app/lib/Mod.pm'), [{ ...run, alive: false }]);
  expect(concerns).toEqual([]);
});

it('what reloads itself is restarted by nothing that it loaded', async () => {
  const path = join(app, 'app/s.js');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  const loaded = new Loaded(app);
  loaded.take(['load', 0, path, null]);
  const exact = { ...run, loaded, exactness: { kind: 'exact' as const } };
  expect((await concernedBy(path, [exact])).concerns).toMatchObject([{ why: 'loaded', effect: 'restart' }]);
  const { concerns, unsure } = await concernedBy(path, [{ ...exact, exactness: { kind: 'own-reload' } }]);
  expect([concerns, unsure.length]).toEqual([[], 1]);
});

it('a manifest that is left out restarts it all the same where `packages` says so', async () => {
  const path = join(app, 'app/package.json');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '{}');
  const watch = { ...spec.watch, include: ['package.json'], ignore: ['package.json'] };
  const effects = async (packages: boolean) =>
    (await concernedBy(path, [{ ...run, spec: { ...spec, watch: { ...watch, packages } } }])).concerns;
  expect(await effects(true)).toMatchObject([{ effect: 'restart', ignored: false }]);
  expect(await effects(false)).toMatchObject([{ effect: 'nothing', ignored: true }]);
});

it.skipIf(spawnSync('go', ['version']).status !== 0)('the toolchain is asked for a Go program', async () => {
  const cwd = join(app, 'go');
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'go.mod'), 'module x\n');
  writeFileSync(join(cwd, 'main.go'), 'package main\n\nfunc main() {}\n');
  writeFileSync(join(cwd, 'new.go'), 'package main\n');
  writeFileSync(join(cwd, 'main_test.go'), 'package main\n');
  const built: ServiceRun = {
    ...run,
    isBuilt: true,
    exactness: { kind: 'exact' },
    spec: { ...spec, command: { argv: ['go', 'run', 'main.go'] }, cwd },
  };
  const of = async (file: string) => concernedBy(join(cwd, file), [built]);
  expect(await of('main.go')).toMatchObject({ concerns: [{ why: 'sources', effect: 'restart' }] });
  expect(await of('new.go')).toMatchObject({ concerns: [{ why: 'sources' }] });
  expect(await of('main_test.go')).toEqual({ concerns: [], readBy: [], unsure: [] });
});
