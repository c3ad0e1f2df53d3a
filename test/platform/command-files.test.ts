import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandFiles } from '../../src/platform/command-files.ts';

const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'upkeep-command-'));
afterAll(() => fs.rmSync(cwd, { recursive: true }));
const present = [
  'server.js',
  'x.js',
  'src/a.ts',
  'app.py',
  'app/main.py',
  'pkg/__main__.py',
  'bin/server',
  '.env',
  'my file.js',
  'lib/index.js',
  'main.rb',
  'watch/index.js',
];
for (const file of present) {
  fs.mkdirSync(path.join(cwd, path.dirname(file)), { recursive: true });
  fs.writeFileSync(path.join(cwd, file), '');
}
const scripts = { dev: 'tsx watch src/a.ts', start: 'npm run dev', loop: 'npm run loop' };
fs.writeFileSync(path.join(cwd, 'package.json'), JSON.stringify({ scripts }));

function files(command: string | string[], envFiles: string[] = []): string[] {
  const line = typeof command === 'string' ? { shell: command } : { argv: command };
  return commandFiles({ command: line, cwd, envFiles }).map((file) => path.relative(cwd, file));
}

describe('the files that a command names', () => {
  it.each([
    [['node', 'server.js'], ['server.js']],
    [['/usr/bin/node', '--inspect', 'server.js', 'x.js'], ['server.js']],
    [['node', 'server'], ['server.js']],
    [['node', 'lib'], ['lib/index.js']],
    [
      ['node', '--env-file=.env', '-r', './x', 'server.js'],
      ['.env', 'x.js', 'server.js'],
    ],
    [['node', '--conditions', 'dev', '-r', 'dotenv/config', 'server.js'], ['server.js']],
    [['tsx', 'src/a.ts'], ['src/a.ts']],
    [['tsx', 'watch', 'src/a.ts'], ['src/a.ts']],
    [['npx', '-y', 'tsx', 'src/a.ts'], ['src/a.ts']],
    [['python3.12', '-u', 'app.py'], ['app.py']],
    [['python', '-m', 'pkg'], ['pkg/__main__.py']],
    [['uvicorn', 'app.main:app', '--reload'], ['app/main.py']],
    [['ruby', 'main.rb'], ['main.rb']],
    [['./bin/server', 'x.js'], ['bin/server']],
    [['./bin/missing'], []],
    [['node', 'my file.js'], ['my file.js']],
    [['npm', 'run', 'dev'], ['src/a.ts']],
    [['npm', 'start'], ['src/a.ts']],
    [['pnpm', 'dev'], ['src/a.ts']],
    [['npm', 'run', 'loop'], []],
    [['npm', 'run', 'nothing'], []],
    [[], []],
  ])('%j: %j', (argv, expected) => {
    expect(files(argv)).toEqual(expected);
  });

  it.each([
    ['node server.js', ['server.js']],
    ['PORT=3000 NODE_ENV=dev node server.js --x', ['server.js']],
    ['cd src && tsx a.ts', ['src/a.ts']],
    ['node x.js && exec node server.js', ['x.js', 'server.js']],
    [`node 'my file.js' # node server.js`, ['my file.js']],
    ['node "my file.js" > out.log 2>&1', ['my file.js']],
    ['node my\\ file.js', ['my file.js']],
    ['node $SCRIPT', []],
    ['sh -c "node server.js"', ['server.js']],
    ['cross-env A=b node server.js', ['server.js']],
    ['npm run build; npm run dev', ['src/a.ts']],
    ['', []],
  ])('shell text %j: %j', (text, expected) => {
    expect(files(text)).toEqual(expected);
  });

  it('come with the env files, existing or not, each once', () => {
    const env = path.join(cwd, '.env');
    const local = path.join(cwd, '.env.local');
    expect(files(['node', '--env-file', '.env', 'server.js'], [env, local])).toEqual([
      '.env',
      'server.js',
      '.env.local',
    ]);
  });
});
