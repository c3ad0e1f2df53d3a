import { join } from 'node:path';
import { expect, it } from 'vitest';
import { planInit } from '../../../src/config/import/plan.ts';
import { workspace } from '../workspace.ts';

const SUB = {
  'api/package.json': JSON.stringify({ scripts: { dev: 'PORT=4000 x' }, dependencies: { upkeep: '1' } }),
};

async function notes(files: Record<string, string>) {
  const root = workspace({ ...SUB, ...files });
  const plan = await planInit(join(root, 'api'), { from: null, force: false });
  expect(plan.workspace).toBe(join(root, 'api'));
  return plan.notes.map((note) => note.replaceAll(root, 'ROOT'));
}

const HIDDEN = (file: string) =>
  `ROOT/${file} is a configuration too. With the new one, commands in ROOT/api no longer mean its services; to have all in one, add these there.`;

it.each([
  ['upkeep.config.json', '{ "services": { "web": "x" } }'],
  ['package.json', '{ "upkeep": { "services": { "web": "x" } } }'],
  ['Procfile', 'web: x'],
])('init tells of %s in a folder above', async (file, text) => {
  expect(await notes({ '.git/HEAD': '', [file]: text })).toEqual([HIDDEN(file)]);
});

it('tells of workspaces above that cannot be read', async () => {
  expect(await notes({ '.git/HEAD': '', 'pnpm-workspace.yaml': 'packages: [' })).toEqual([
    expect.stringMatching(/^Whether this is a package of ROOT is not known: pnpm-workspace\.yaml:1:12: /),
  ]);
});

it('says nothing of another repository', async () => {
  expect(await notes({ 'api/.git/HEAD': '', 'upkeep.config.json': '{ "services": {} }' })).toEqual([]);
});

it('says nothing where there is nothing', async () => {
  expect(await notes({ '.git/HEAD': '', 'package.json': '{}' })).toEqual([]);
});
