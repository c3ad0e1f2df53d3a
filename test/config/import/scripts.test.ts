import { describe, expect, it } from 'vitest';
import { addCommand, readManifest } from '../../../src/config/import/package-json.ts';
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

describe('the port and the health check are found in the file that the script begins with', () => {
  const SOURCE = "app.get('/health', ok);\nserver.listen({ port: Number(process.env.PORT ?? 4000) });";
  it.each([
    ['tsx src/index.ts', 'src/index.ts'],
    ['tsx watch --clear-screen=false src/index.ts', 'src/index.ts'],
    ['NODE_ENV=development tsx watch src/index.ts', 'src/index.ts'],
    ['nodemon server.js', 'server.js'],
    ["nodemon --watch src --exec 'node server.js'", 'server.js'],
    ['nodemon --exec tsx src/index.ts', 'src/index.ts'],
    ['nodemon', 'index.js'],
    ['ts-node-dev --respawn src/index.ts', 'src/index.ts'],
    ['ts-node -r dotenv/config src/index', 'src/index.ts'],
    ['bun run src/index.ts', 'src/index.ts'],
    ['node --import tsx --watch src/server.mts', 'src/server.mts'],
    ['node .', 'index.js'],
    ['node src', 'src/index.js'],
    ['npx cross-env A=1 node lib/app', 'lib/app.js'],
    ['tsc && node dist/main.js', 'dist/main.js'],
    ['nest start --watch', 'src/main.ts'],
  ])('%s', (dev, file) => {
    const root = workspace({ 'package.json': JSON.stringify({ scripts: { dev } }), [file]: SOURCE });
    const manifest = readManifest(root);
    expect(manifest && scriptService(root, manifest)?.service).toMatchObject({
      port: 4000,
      ready: { http: '/health' },
    });
  });

  it('that may be the one that package.json calls main', () => {
    const manifest = JSON.stringify({ main: 'lib/x', scripts: { dev: 'node .' } });
    const root = workspace({ 'package.json': manifest, 'lib/x.js': 'app.listen(3201)' });
    const read = readManifest(root);
    expect(read && scriptService(root, read)?.service).toEqual({ command: 'npm run dev', port: 3201 });
  });

  it.each([
    ['server: { port: 3100 }', 3100],
    ["server: { proxy: { '/api': { target: 'x', port: 9 } }, hmr: { port: 1234 }, port: 3100 }", 3100],
    ['server: { hmr: { port: 1234 } }', undefined],
    ['preview: { port: 4173 }', undefined],
  ])('of Vite: %s', (config, port) => {
    const root = workspace({
      'package.json': JSON.stringify({ scripts: { dev: 'vite' } }),
      'vite.config.ts': `export default defineConfig({ ${config} });`,
    });
    const manifest = readManifest(root);
    expect(manifest && scriptService(root, manifest)?.service.port).toBe(port);
  });
});

it.each([
  ['package-lock.json', '{}', 'npm install --save-dev upkeep'],
  ['pnpm-lock.yaml', '', 'pnpm add -Dw upkeep'],
  ['yarn.lock', '# yarn lockfile v1\n', 'yarn add -D -W upkeep'],
  ['yarn.lock', '__metadata:\n', 'yarn add -D upkeep'],
  ['bun.lock', '', 'bun add -d upkeep'],
])('with %s %j it is added to the root by %s', (lock, text, command) => {
  const root = workspace({ 'package.json': JSON.stringify({ workspaces: ['a'] }), [lock]: text });
  expect(addCommand(root, 'upkeep')).toBe(command);
});
