import { expect, it } from 'vitest';
import { importCompose } from '../../../src/config/import/compose.ts';
import { workspace } from '../workspace.ts';

/** As compose has them; not of this program's text. */
const variable = (name: string) => `$\{${name}}`;
const PACKAGE = JSON.stringify({ scripts: { dev: 'node dev.js' } });

/** What becomes of one service with a build folder, whose package has a dev script. */
function imported(service: object, files: Record<string, string> = {}) {
  const compose = JSON.stringify({ services: { api: { build: '.', ...service } } });
  const root = workspace({ 'compose.yml': compose, 'package.json': PACKAGE, ...files });
  const draft = importCompose(root);
  return { ...draft?.services.api, skipped: draft?.skipped ?? [], notes: draft?.notes ?? [] };
}

it.each([
  [{ entrypoint: ['node'], command: ['server.js', 'a b'] }, ['node', 'server.js', 'a b']],
  [{ entrypoint: 'node --inspect', command: 'server.js' }, 'node --inspect server.js'],
  [{ entrypoint: 'node "my server.js"', command: ['--fast'] }, ['node', 'my server.js', '--fast']],
  [{ entrypoint: ['npm', 'run'], command: 'start -- "a b"' }, ['npm', 'run', 'start', '--', 'a b']],
  [{ entrypoint: 'node server.js' }, 'node server.js'],
  [{ entrypoint: null, command: 'node server.js' }, 'node server.js'],
  [{ entrypoint: [], command: [] }, 'node dev.js'],
  [{}, 'node dev.js'],
  [{ command: 'sh -c "echo $$HOME"' }, ['sh', '-c', 'echo $HOME']],
  [{ command: ['sh', '-c', 'echo $$HOME'] }, ['sh', '-c', 'echo $HOME']],
  [
    { command: ['node', 'x', '--port', variable('PORT:-3000'), '$$1'] },
    ['node', 'x', '--port', '3000', '$1'],
  ],
  [{ command: `node x --port ${variable('PORT:-3000')}` }, `node x --port ${variable('PORT:-3000')}`],
  [{ command: 'node x --glob *.js' }, ['node', 'x', '--glob', '*.js']],
  [{ command: 'npm run dev\n' }, 'npm run dev'],
])('%j is the command %j', (service, command) => {
  expect(imported(service)).toMatchObject({ command, skipped: [], notes: [] });
});

it('tells of variables that nobody would fill in', () => {
  expect(imported({ command: ['node', '$FILE'] })).toMatchObject({
    command: ['node', '$FILE'],
    notes: ['api: no shell fills in the variables of its command ($FILE).'],
  });
});

it('leaves out what is started with a profile only', () => {
  const { command, skipped } = imported({ command: 'x', profiles: ['debug', 'test'] });
  expect(command).toBeUndefined();
  expect(skipped).toEqual([{ name: 'api', reason: 'is started with the profile debug or test only' }]);
  expect(imported({ command: 'x', profiles: [] }).command).toBe('x');
});

it('leaves out env files that need not be there, and are not', () => {
  const env_file = [
    { path: 'gone.env', required: false },
    { path: 'there.env', required: false },
    { path: 'needed.env', required: true },
    '.env',
  ];
  expect(imported({ env_file }, { 'there.env': '' })).toMatchObject({
    envFile: ['there.env', 'needed.env', '.env'],
    notes: ['api: the env file gone.env is not required and not there: left out.'],
  });
});
