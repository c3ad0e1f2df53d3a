import { expect, it } from 'vitest';
import { readManifest } from '../../../src/config/import/package-json.ts';
import { scriptService } from '../../../src/config/import/scripts.ts';
import { workspace } from '../workspace.ts';

it.each([
  [{ dev: 'node a.js' }, 'node a.js'],
  [{ dev: 'node a.js', prestart: 'x' }, 'node a.js'],
  [{ dev: 'node a.js', predev: 'npm run build' }, 'npm run dev'],
  [{ start: 'node a.js', poststart: 'x' }, 'npm run start'],
])('%j is run as %s', (scripts, command) => {
  const root = workspace({ 'package.json': JSON.stringify({ scripts }), 'a.js': 'app.listen(3000)' });
  const manifest = readManifest(root);
  expect(manifest && scriptService(root, manifest)?.service).toEqual({ command, port: 3000 });
});
