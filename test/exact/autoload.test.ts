/** Programs that load what they find in a folder: a new file there is an edit, what they would not load is none. */
import { appendFileSync, renameSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { livingDaemon, nextDaemon } from '../e2e/support.ts';
import { signalExactly } from '../rig/processes.ts';
import type { Rig } from '../rig/rig.ts';
import { loading, restartedBy, settled, story } from './story.ts';

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

/** Their runs, when all that was done has had its effect. */
async function runs(rig: Rig): Promise<Record<string, number | null>> {
  await settled(rig);
  const { services } = await rig.status();
  return Object.fromEntries(services.map(({ name, run }) => [name, run]));
}

it('a new file in a folder that was listed, or below it, restarts who loads it, and nobody else', {
  timeout: 120_000,
}, async () => {
  const rig = await autoloading();
  // What they would not load.
  rig.write('models/pet.test.js', 'throw 1;\n');
  rig.write('models/notes.txt', 'x');
  rig.write('routes/.hidden.mjs', 'export {};');
  rig.write('routes/README.md', 'x');
  rig.write('plain/new.mjs', 'export const x = 1;\n');
  appendFileSync(rig.path('models/user.test.js'), '// edited\n');
  expect(await runs(rig)).toMatchObject({ models: 1, routes: 1, parts: 1, plain: 1 });

  for (const name of ['b', 'c', 'pet']) rig.write(`models/${name}.js`, 'module.exports = 2;\n');
  await restartedBy(rig, 'models', 'models/b.js', 'models/c.js', 'models/pet.js');
  rig.write('routes/v1/c.mjs', 'export const c = 1;\n');
  await restartedBy(rig, 'routes', 'routes/v1/c.mjs');
  rig.write('routes/v2/d.mjs', 'export const d = 1;\n');
  await restartedBy(rig, 'routes', 'routes/v2/d.mjs');
  rig.write('parts/y/index.mjs', 'export const y = 1;\n');
  await restartedBy(rig, 'parts', 'parts/y/index.mjs');
  expect(await runs(rig)).toMatchObject({ models: 2, routes: 3, parts: 2, plain: 1 });

  // They are loaded from now on.
  appendFileSync(rig.path('models/pet.js'), '// edited\n');
  await restartedBy(rig, 'models', 'models/pet.js');
  expect((await runs(rig))['models']).toBe(3);
  rmSync(rig.path('models/pet.js'));
  renameSync(rig.path('models/user.js'), rig.path('models/person.js'));
  await restartedBy(rig, 'models', 'models/person.js', 'models/pet.js', 'models/user.js');
  expect((await runs(rig))['models']).toBe(4);
});

it('the next daemon knows the folders too', async () => {
  const rig = await autoloading();
  const daemon = livingDaemon(rig);
  signalExactly(daemon, 'SIGKILL');
  await nextDaemon(rig, daemon);
  appendFileSync(rig.path('models/user.test.js'), '// edited\n');
  expect((await runs(rig))['models']).toBe(1);
  rig.write('models/e.js', 'module.exports = 2;\n');
  const waited = await rig.ok('wait', '--edit', 'models/e.js', '--json');
  expect(waited.json()).toMatchObject({ services: [{ service: 'models', run: 2, ok: true }] });
});
