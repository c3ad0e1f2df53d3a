import { afterAll, describe, expect, it } from 'vitest';
import { defaultGlobs, languageEnvironment, languageOf } from '../../src/languages/index.ts';
import { createPlace } from './rig.ts';

const PATHS = { python: '/hooks/python', ruby: '/hooks/upkeep_report.rb' };

describe('what the environment of a run needs', () => {
  it.each([
    [{}, '/hooks/python', '-r/hooks/upkeep_report.rb'],
    [{ PYTHONPATH: '', RUBYOPT: '' }, '/hooks/python', '-r/hooks/upkeep_report.rb'],
    [
      { PYTHONPATH: 'src:/lib', RUBYOPT: '-W0 -rset' },
      '/hooks/python:src:/lib',
      '-r/hooks/upkeep_report.rb -W0 -rset',
    ],
    [
      { PYTHONPATH: '/hooks/python:/lib', RUBYOPT: '-rset -r/hooks/upkeep_report.rb' },
      '/hooks/python:/lib',
      '-rset -r/hooks/upkeep_report.rb',
    ],
  ])('over %j', (base, PYTHONPATH, RUBYOPT) => {
    const expected = { UPKEEP_REPORT: '/run/loaded', PYTHONPATH, RUBYOPT };
    expect(languageEnvironment(base, PATHS, '/run/loaded')).toEqual(expected);
  });

  it('leaves out a hook that is missing, or whose path cannot be told', () => {
    const only = { UPKEEP_REPORT: '/run/loaded' };
    expect(languageEnvironment({}, { python: null, ruby: null }, '/run/loaded')).toEqual(only);
    expect(languageEnvironment({}, { python: '/a:b', ruby: '/my files/x.rb' }, '/run/loaded')).toEqual(only);
  });
});

describe('the language of a command', () => {
  const { root } = createPlace(
    {
      'package.json': JSON.stringify({
        scripts: { dev: 'tsx watch a.ts', api: 'cd api && cargo run', web: 'vite --port 1' },
      }),
      'node_modules/.bin/vite': '#!/usr/bin/env node\n',
      'node_modules/.bin/next': '#!/bin/sh\nbasedir=x\nexec node  "$basedir/../next/dist/bin/next" "$@"\n',
      'node_modules/.bin/esb': '\x7fELF',
      'node_modules/.bin/concurrently': '#!/usr/bin/env node\n',
      'bin/serve': '#!/usr/bin/node --no-warnings\n',
      'bin/other': '#!/bin/sh\nnode -v\n',
      'web/a': '',
    },
    afterAll,
  );

  it.each([
    ['node server.js', 'node'],
    ['npm run dev', 'node'],
    ['./server.mjs', 'node'],
    ['python3.12 -m app', 'python'],
    ['uvicorn app:app', 'python'],
    ['poetry run python app.py', 'python'],
    ['uv run app.py', 'python'],
    ['sh -c "exec gunicorn app:app"', 'python'],
    ['bundle exec puma', 'ruby'],
    ['bin/rails server', 'ruby'],
    ['npm run build && go run ./cmd/x', 'go'],
    ['npm run api', 'rust'],
    ['./target/debug/server', 'rust'],
    ['php artisan queue:work', 'php'],
    ['deno run -A main.ts', 'deno'],
    ['bun server.ts', 'bun'],
    ['./gradlew bootRun', 'java'],
    ['dotnet run', 'dotnet'],
    ['mix run --no-halt', 'elixir'],
    ['npm run web', 'node'],
    ['npx vite', 'node'],
    ['cd web && npx vite', 'node'],
    ['next dev', 'node'],
    ['./node_modules/.bin/vite', 'node'],
    ['bin/serve', 'node'],
    ['npx esb', null],
    ['npx concurrently "vite" "node api.js"', null],
    ['bin/other', null],
    ['./server', null],
    ['', null],
  ])('%s', (shell, language) => expect(languageOf({ shell }, root)).toBe(language));

  it.each([
    ['node server.js', null],
    ['python app.py', null],
    ['go run .', null],
    ['./server', null],
    ['cargo watch -x run', []],
    ['php -S localhost:8000', []],
    ['php artisan serve', []],
    ['deno run --watch main.ts', []],
    ['bun --hot server.ts', []],
    ['dotnet watch run', []],
    ['cargo run', ['**/*.rs', '**/Cargo.toml', 'Cargo.lock', '!target/**']],
    ['npm run api', ['api/**/*.rs', 'api/**/Cargo.toml', 'api/Cargo.lock', '!api/target/**']],
  ])('default globs of: %s', (shell, include) => {
    expect(defaultGlobs({ shell }, root)?.include ?? null).toEqual(include);
  });
});
