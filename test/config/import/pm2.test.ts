import { expect, it } from 'vitest';
import { importPm2 } from '../../../src/config/import/pm2.ts';
import { workspace } from '../workspace.ts';

const imported = (apps: object[], files: Record<string, string> = {}) =>
  importPm2(workspace({ 'ecosystem.json': JSON.stringify({ apps }), ...files }));

it('keeps apps apart that have the same name', async () => {
  const draft = await imported([
    { script: 'api/server.js' },
    { script: 'web/server.js' },
    { name: 'server', script: 'x.js' },
  ]);
  expect(draft?.services).toEqual({
    server: { command: 'node api/server.js' },
    'server-2': { command: 'node web/server.js' },
    'server-3': { command: 'node x.js' },
  });
  expect(draft?.notes).toEqual([
    'Another app is called server too: this one is server-2.',
    'Another app is called server too: this one is server-3.',
  ]);
});

it.each([
  [{ script: 'npm run dev' }, 'npm run dev'],
  [{ script: 'node api.js --port 3000 | tee log' }, 'node api.js --port 3000 | tee log'],
  [{ script: 'my api.js' }, ['node', 'my api.js']],
  [{ script: 'api.js', cwd: './deep er' }, 'node api.js'],
  [{ script: 'in here.js', cwd: './deep er' }, ['node', 'in here.js']],
  [{ script: './my bin', interpreter: 'none', args: 'a' }, ['./my bin', 'a']],
  [
    { script: 'x.js', args: `--title "a b" --mode 'c d' it's` },
    ['node', 'x.js', '--title', 'a b', '--mode', 'c d', "it's"],
  ],
  [{ script: 'x.js', args: '--title="a b" --port=3000' }, ['node', 'x.js', '--title=a b', '--port=3000']],
  [{ script: 'x.js', node_args: '--require "./a b.js"' }, ['node', '--require', './a b.js', 'x.js']],
])('%j is the command %j', async (app, command) => {
  const files = { 'my api.js': '', 'deep er/in here.js': '', 'my bin': '' };
  const draft = await imported([{ name: 'app', ...app }], files);
  expect(draft?.services.app?.command).toEqual(command);
  expect(draft?.notes).toEqual([]);
});

it('tells what PM2 leaves away beside a command line', async () => {
  const draft = await imported([{ name: 'web', script: 'npm run dev', args: '--fast' }]);
  expect(draft?.services.web?.command).toBe('npm run dev');
  expect(draft?.notes).toEqual(['web: not taken over: args.']);
});
