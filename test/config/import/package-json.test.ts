import { expect, it } from 'vitest';
import { readManifest } from '../../../src/config/import/package-json.ts';
import { userError, workspace } from '../workspace.ts';

it('reads behind a byte order mark', () => {
  const root = workspace({ 'package.json': '\uFEFF{ "name": "x", "scripts": { "dev": "y" } }' });
  expect(readManifest(root)).toMatchObject({ name: 'x', scripts: { dev: 'y' } });
});

it('tells where a mistake is', async () => {
  const root = workspace({ 'api/package.json': '{\n  "name": "x",\n}' });
  const error = await userError(() => readManifest(root, 'api'));
  expect(error.message).toBe('api/package.json:3:1: JSON has no comma before "}"');
  expect(error.exitCode).toBe(3);
});

it('is not there', () => {
  expect(readManifest(workspace())).toBeNull();
});
