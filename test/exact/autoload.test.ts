/** Programs that load what they find in a folder: a new file there is an edit, what they would not load is none. */
import { appendFileSync, renameSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Rig } from '../rig/rig.ts';
import { loading, restartedBy, settled, staysIn, story } from './story.ts';

const PLAIN = `
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
const models = new URL('../models/', import.meta.url);
for (const name of readdirSync(models))
  if (name.endsWith('.js') && !name.includes('.test.')) createRequire(import.meta.url)(models.pathname + name);
`;
/** As @fastify/autoload does: folder by folder, an index first. */
const NESTED = `
import { readdir } from 'node:fs/promises';
const load = async (folder) => {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const at = new URL(entry.name + (entry.isDirectory() ? '/' : ''), folder);
    if (entry.isDirectory()) await load(at);
    else if (entry.name.endsWith('.mjs')) await import(at);
  }
};
await load(new URL('../routes/', import.meta.url));
`;
const INDEXES = `
import { readdirSync } from 'node:fs';
const parts = new URL('../parts/', import.meta.url);
for (const name of readdirSync(parts)) await import(new URL(name + '/index.mjs', parts));
`;

async function autoloading(): Promise<Rig> {
  const rig = await story((r) => {
    r.write('models/package.json', '{ "type": "commonjs" }');
    r.write('models/user.js', 'module.exports = 1;\n');
    r.write('models/user.test.js', 'throw 1;\n');
    r.write('routes/a.mjs', 'export const a = 1;\n');
    r.write('routes/v1/b.mjs', 'export const b = 1;\n');
    r.write('parts/x/index.mjs', 'export const x = 1;\n');
    r.write('plain/used.mjs', 'export const used = 1;\n');
    return {
      models: { command: loading(r, 'models', PLAIN) },
      routes: { command: loading(r, 'routes', NESTED) },
      parts: { command: loading(r, 'parts', INDEXES) },
      plain: { command: loading(r, 'plain', "import '../plain/used.mjs';") },
    };
  });
  await rig.ok('start');
  // They have loaded all of it when they say hello.
  for (const name of ['models', 'routes', 'parts', 'plain']) await rig.nextInvocation(name);
  await settled(rig);
  return rig;
}

it('a new file in a folder that was listed, or below it, restarts who loads it', async () => {
  const rig = await autoloading();
  rig.write('models/pet.js', 'module.exports = 2;\n');
  await restartedBy(rig, 'models', 'models/pet.js');
  rig.write('routes/v1/c.mjs', 'export const c = 1;\n');
  await restartedBy(rig, 'routes', 'routes/v1/c.mjs');
  rig.write('routes/v2/d.mjs', 'export const d = 1;\n');
  await restartedBy(rig, 'routes', 'routes/v2/d.mjs');
  rig.write('parts/y/index.mjs', 'export const y = 1;\n');
  await restartedBy(rig, 'parts', 'parts/y/index.mjs');
  await settled(rig);
  // It is loaded from now on.
  appendFileSync(rig.path('models/pet.js'), '// edited\n');
  await rig.eventually(async () => (await rig.service('models')).run === 3, 'an edit of it counts');
  await staysIn(rig, 'models', 3);
  rmSync(rig.path('models/pet.js'));
  await rig.eventually(async () => (await rig.service('models')).run === 4, 'the removal counts');
  await staysIn(rig, 'models', 4);
  renameSync(rig.path('models/user.js'), rig.path('models/person.js'));
  await restartedBy(rig, 'models', 'models/person.js', 'models/user.js');
  await staysIn(rig, 'plain', 1);
});

it('what they would not load restarts nobody', async () => {
  const rig = await autoloading();
  rig.write('models/pet.test.js', 'throw 1;\n');
  rig.write('models/notes.txt', 'x');
  rig.write('routes/.hidden.mjs', 'x');
  rig.write('routes/README.md', 'x');
  rig.write('plain/new.mjs', 'export const x = 1;\n');
  appendFileSync(rig.path('models/user.test.js'), '// edited\n');
  for (const name of ['models', 'routes', 'parts', 'plain']) await staysIn(rig, name, 1);
});

it('many new files at once are one restart, and the next daemon knows the folders too', async () => {
  const rig = await autoloading();
  for (const name of ['b', 'c', 'd']) rig.write(`models/${name}.js`, 'module.exports = 2;\n');
  await restartedBy(rig, 'models', 'models/b.js', 'models/c.js', 'models/d.js');
  await staysIn(rig, 'models', 2);
  const { daemon } = await rig.status();
  process.kill(daemon?.pid ?? 0, 'SIGKILL');
  await rig.eventually(async () => {
    const now = (await rig.status()).daemon;
    return now !== null && now.pid !== daemon?.pid;
  }, 'the next daemon');
  await settled(rig);
  appendFileSync(rig.path('models/user.test.js'), '// edited\n');
  await staysIn(rig, 'models', 2);
  rig.write('models/e.js', 'module.exports = 2;\n');
  await restartedBy(rig, 'models', 'models/e.js');
  const waited = await rig.ok('wait', '--edit', 'models/e.js', '--json');
  expect(waited.json()).toMatchObject({ services: [{ service: 'models', run: 3, ok: true }] });
});
