/** A start that failed is mended by a save: of a file that it loaded, or of one that it looked for in vain. */
import { expect, it } from 'vitest';
import { entriesOf, livingDaemon, nextDaemon, untilState } from '../e2e/support.ts';
import { hasProgram, lendPrograms } from './programs.ts';
import { loading, restartedBy, settled, staysIn, story } from './story.ts';

/** Parked soon: of many attempts nothing more is learnt. */
const PARKED_SOON = { defaults: { restart: { maxFailures: 2 } } };

it('a syntax error two imports deep parks it, and the save that mends it revives it', async () => {
  const rig = await story(
    (r) => ({ web: { command: loading(r, 'web', "import '../lib/near.mjs';") } }),
    PARKED_SOON,
  );
  rig.write('lib/near.mjs', "import './far.mjs';\n");
  rig.write('lib/far.mjs', 'export const far = 1;\n');
  await rig.ok('start');
  rig.write('lib/far.mjs', 'export const = ;\n');
  await untilState(rig, 'web', 'crashed');
  await settled(rig);
  expect((await rig.service('web')).state).toBe('crashed');
  rig.write('lib/far.mjs', 'export const far = 2;\n');
  const { cause } = await restartedBy(rig, 'web', 'lib/far.mjs');
  expect(cause).toMatchObject({ via: ['servers/web.mjs', 'lib/near.mjs', 'lib/far.mjs'] });
});

it('a mistake is mended in the middle of the attempts too', async () => {
  const rig = await story((r) => ({ web: { command: loading(r, 'web', "import '../lib/near.mjs';") } }));
  rig.write('lib/near.mjs', 'export const near = 1;\n');
  await rig.ok('start');
  rig.write('lib/near.mjs', 'throw new Error("not yet");\n');
  await untilState(rig, 'web', 'backoff');
  rig.write('lib/near.mjs', 'export const near = 2;\n');
  await untilState(rig, 'web', 'ready');
  const { run } = await rig.service('web');
  // Either the edit or the next attempt came first; not both.
  await staysIn(rig, 'web', run ?? 0);
});

/** Of what is missing: what its parent says, in a `.cjs` or `.mjs` file, and the file that makes it whole. */
const MISSING: Record<string, readonly [ending: string, asked: string, file: string, text: string]> = {
  'an-es-module': ['mjs', "import './later.mjs';", 'a/later.mjs', 'export {};\n'],
  'without-its-ending': ['cjs', "require('./later');", 'b/later.js', '1;\n'],
  'the-index-of-a-folder': ['cjs', "require('./later');", 'c/later/index.js', '1;\n'],
  'in-new-folders': ['cjs', "require('./new/deep/later.js');", 'd/new/deep/later.js', '1;\n'],
  json: ['cjs', "require('../data/later.json');", 'data/later.json', '{}\n'],
  'by-a-path-made-at-run-time': [
    'mjs',
    "await import(['./new', 'later.mjs'].join('/'));",
    'f/new/later.mjs',
    'export {};\n',
  ],
};

it('the creation of a missing file revives whom it failed for, and nobody else', async () => {
  const names = Object.keys(MISSING);
  const near = (name: string, n: number) => `${'abcdef'[n]}/near.${MISSING[name]?.[0]}`;
  const rig = await story(
    (r) =>
      Object.fromEntries(
        names.map((name, n) => [name, { command: loading(r, name, `import '../${near(name, n)}';`) }]),
      ),
    PARKED_SOON,
  );
  for (const [n, name] of names.entries()) rig.write(near(name, n), '// nothing yet\n');
  await rig.ok('start');
  for (const [n, name] of names.entries()) rig.write(near(name, n), `${MISSING[name]?.[1]}\n`);
  for (const name of names) await untilState(rig, name, 'crashed');
  rig.write('a/unrelated.js', '1;\n');
  await settled(rig);
  for (const name of names) expect((await rig.service(name)).state).toBe('crashed');
  for (const name of names) rig.write(MISSING[name]?.[2] ?? '', MISSING[name]?.[3] ?? '');
  for (const name of names) await restartedBy(rig, name, MISSING[name]?.[2] ?? '');
});

it.skipIf(!hasProgram('tsx'))('… and in TypeScript', async () => {
  const rig = await story(
    async (r) => ({ web: { command: ['node_modules/.bin/tsx', 'servers/web.ts'], port: await r.port() } }),
    PARKED_SOON,
  );
  lendPrograms(rig.workspace, ['tsx']);
  rig.write('servers/web.ts', "import '../lib/later.js';\nconst n: number = 1;\nvoid n;\n");
  expect((await rig.cli('start')).code).toBe(1);
  await untilState(rig, 'web', 'crashed');
  rig.write('lib/later.ts', 'setInterval(() => {}, 1_000_000);\nexport const later: number = 1;\n');
  await rig.eventually(
    () => entriesOf(rig, 'run-started', 'web').some(({ cause }) => cause.kind === 'edit'),
    'a start by the edit',
  );
});

it('a file that has never been there at the first start of all', async () => {
  const rig = await story(
    (r) => ({ web: { command: loading(r, 'web', "import '../made/later.mjs';") } }),
    PARKED_SOON,
  );
  // On a busy machine it has passed for ready when it comes to the import.
  await rig.cli('start');
  await untilState(rig, 'web', 'crashed');
  rig.write('made/later.mjs', 'export {};\n');
  await restartedBy(rig, 'web', 'made/later.mjs');
});

it('an edit of any file that the parked service had loaded revives it', async () => {
  const rig = await story(
    (r) => ({ web: { command: loading(r, 'web', "import '../lib/near.mjs';") } }),
    PARKED_SOON,
  );
  rig.write('lib/near.mjs', "import './other.mjs';\nimport './far.mjs';\n");
  rig.write('lib/other.mjs', 'export const other = 1;\n');
  rig.write('lib/far.mjs', 'export const far = 1;\n');
  await rig.ok('start');
  rig.write('lib/far.mjs', 'throw new Error("on purpose");\n');
  await untilState(rig, 'web', 'crashed');
  rig.write('lib/other.mjs', 'export const other = 2;\n');
  const attempt = await rig.eventually(
    () =>
      entriesOf(rig, 'run-started', 'web').find(
        ({ cause }) => cause.kind === 'edit' && cause.files.includes('lib/other.mjs'),
      ),
    'another attempt, by the edit',
  );
  await rig.eventually(
    () => entriesOf(rig, 'run-ended', 'web').some(({ run }) => run === attempt.run),
    'its end',
  );
  await untilState(rig, 'web', 'crashed');
  rig.write('lib/far.mjs', 'export const far = 2;\n');
  await restartedBy(rig, 'web', 'lib/far.mjs');
});

it('a daemon that was killed meanwhile forgets nothing of what would mend a parked service', async () => {
  const rig = await story(
    (r) => ({ web: { command: loading(r, 'web', "import '../lib/far.mjs';") } }),
    PARKED_SOON,
  );
  rig.write('lib/far.mjs', 'export const far = 1;\n');
  await rig.ok('start');
  rig.write('lib/far.mjs', 'throw new Error("on purpose");\n');
  await untilState(rig, 'web', 'crashed');
  const daemon = livingDaemon(rig);
  process.kill(daemon.pid, 'SIGKILL');
  await nextDaemon(rig, daemon);
  await rig.ok('status');
  rig.write('lib/far.mjs', 'export const far = 2;\n');
  await restartedBy(rig, 'web', 'lib/far.mjs');
});

it('what only runs before had loaded counts while the service is down, and no longer when it is ready', async () => {
  const rig = await story(
    (r) => ({ web: { command: loading(r, 'web', "import '../lib/near.mjs';") } }),
    PARKED_SOON,
  );
  rig.write('lib/near.mjs', "import './far.mjs';\n");
  rig.write('lib/far.mjs', 'export const far = 1;\n');
  await rig.ok('start');
  rig.write('lib/near.mjs', 'export const = ;\n');
  await untilState(rig, 'web', 'crashed');
  rig.write('lib/far.mjs', 'export const far = 2;\n');
  const attempt = await rig.eventually(
    () =>
      entriesOf(rig, 'run-started', 'web').find(
        ({ cause }) => cause.kind === 'edit' && cause.files.includes('lib/far.mjs'),
      ),
    'an attempt, by the edit of what it came to before',
  );
  // Mended any earlier, it might load what is whole already.
  await rig.eventually(
    () => entriesOf(rig, 'run-ended', 'web').some(({ run }) => run === attempt.run),
    'its end',
  );
  await untilState(rig, 'web', 'crashed');
  rig.write('lib/near.mjs', 'export const near = 1;\n');
  const { run } = await restartedBy(rig, 'web', 'lib/near.mjs');
  rig.write('lib/far.mjs', 'export const far = 3;\n');
  await staysIn(rig, 'web', run ?? 0);
});

it('… also when a start fails so late that it had passed for ready', async () => {
  const rig = await story(
    (r) => ({ web: { command: loading(r, 'web', "import '../lib/near.mjs';") } }),
    PARKED_SOON,
  );
  rig.write('lib/near.mjs', "import './far.mjs';\n");
  rig.write('lib/far.mjs', 'export const far = 1;\n');
  await rig.ok('start');
  const late = 'await new Promise((resolve) => setTimeout(resolve, 600));\nprocess.exit(3);\n';
  rig.write('lib/near.mjs', late);
  await untilState(rig, 'web', 'crashed');
  expect(entriesOf(rig, 'run-ready', 'web').length).toBeGreaterThan(1);
  rig.write('lib/far.mjs', 'export const far = 2;\n');
  await rig.eventually(
    () =>
      entriesOf(rig, 'run-started', 'web').some(
        ({ cause }) => cause.kind === 'edit' && cause.files.includes('lib/far.mjs'),
      ),
    'an attempt, by the edit of what it came to before',
  );
});
