import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportKind } from '../../../src/config/import/draft.ts';
import { ExitCode } from '../../../src/contract/exit-codes.ts';
import { bundledConfig, bundledInit, userError, workspace } from '../workspace.ts';

const { loadConfig } = await bundledConfig();
const { planInit, applyPlan } = await bundledInit();

const any = { from: null, force: false };
const pkg = (fields: object) => JSON.stringify(fields, null, 2);

interface Case {
  files: Record<string, string>;
  kind: ImportKind;
  services: object;
  skipped?: { name: string; reason: string }[];
  notes?: string[];
}

const install = 'Upkeep is not among the dependencies: npm install --save-dev upkeep';
const noPackage = 'There is no package.json: run the commands as `npx upkeep …`.';

const cases: Record<string, Case> = {
  'a servers folder': {
    files: {
      'package.json': pkg({ type: 'module', devDependencies: { upkeep: '1', tsx: '4' } }),
      'servers/web.js': `const port = process.env.PORT || 3000;\napp.get('/health', ok);\napp.listen(port);`,
      'servers/api.mjs': 'routes({ "GET /healthz": ok }); createServer(app).listen(3001);',
      'servers/ts.ts': 'serve({ fetch, port: 3002 });',
      'servers/copy.js': 'app.listen(3001)',
      'servers/my worker.js': 'setInterval(work, 1000);',
      'servers/deep/index.js': `app.listen(Number(process.env.PORT ?? '3004'))`,
      'servers/web.test.js': '',
      'servers/types.d.ts': '',
      'servers/_shared.js': '',
      'servers/README.md': '',
    },
    kind: 'servers',
    services: {
      web: { command: 'node servers/web.js', port: 3000, ready: { http: '/health' } },
      api: { command: 'node servers/api.mjs', port: 3001, ready: { http: '/healthz' } },
      copy: { command: 'node servers/copy.js' },
      ts: { command: 'node --import tsx servers/ts.ts', port: 3002 },
      deep: { command: 'node servers/deep/index.js', port: 3004 },
      'my worker': { command: ['node', 'servers/my worker.js'] },
    },
    notes: ['copy: port 3001 belongs to api; give copy one of its own.'],
  },
  'npm workspaces': {
    files: {
      'package.json': pkg({ workspaces: ['packages/*', './apps/**', '!apps/old'] }),
      'packages/api/package.json': pkg({
        name: '@acme/api',
        scripts: { dev: 'node --watch server.js', start: 'x' },
      }),
      'packages/api/server.js': 'app.listen(4000)',
      'packages/lib/package.json': pkg({ name: 'lib', scripts: { build: 'tsc' } }),
      'apps/web/package.json': pkg({ name: 'web', scripts: { dev: 'vite --port 5173' } }),
      'apps/old/package.json': pkg({ name: 'old', scripts: { dev: 'x' } }),
      'apps/group/api/package.json': pkg({ name: '@other/api', scripts: { start: 'node . --port=4001' } }),
      'apps/web/node_modules/dep/package.json': pkg({ name: 'dep', scripts: { start: 'x' } }),
      'apps/nothing/readme': '',
      'yarn.lock': '',
    },
    kind: 'workspaces',
    services: {
      'packages-api': { cwd: 'packages/api', command: 'node --watch server.js', port: 4000, watch: false },
      web: { cwd: 'apps/web', command: 'yarn run dev', port: 5173, watch: false },
      api: { cwd: 'apps/group/api', command: 'yarn run start', port: 4001 },
    },
    skipped: [{ name: 'lib', reason: 'has neither a dev nor a start script' }],
    notes: [
      'web reloads by itself: Upkeep does not watch its files.',
      'packages-api reloads by itself: Upkeep does not watch its files.',
      install.replace('npm install --save-dev', 'yarn add -D'),
    ],
  },
  'pnpm workspaces': {
    files: {
      'package.json': pkg({ name: 'root' }),
      'pnpm-workspace.yaml': 'packages:\n  - services/*\n',
      'pnpm-lock.yaml': '',
      'services/a/package.json': pkg({ scripts: { start: 'tsc && node dist' } }),
    },
    kind: 'workspaces',
    services: { a: { cwd: 'services/a', command: 'pnpm run start' } },
    notes: [
      'a: no port was found. What listens on one should say so (`port`), to be ready when it answers, with an address, and restarted without a gap.',
      install.replace('npm install --save-dev', 'pnpm add -Dw'),
    ],
  },
  'a package': {
    files: {
      'package.json': pkg({ name: '@acme/my app', scripts: { start: 'node server.js' } }),
      'server.js': 'app.listen(8080)',
    },
    kind: 'package',
    services: { 'my app': { command: 'node server.js', port: 8080 } },
    notes: [install],
  },
  'a Procfile': {
    files: {
      Procfile: 'release: migrate\nweb: PORT=3000 node web.js\nworker: bundle exec sidekiq -q "a b"\n',
      '.env': 'A=1',
    },
    kind: 'procfile',
    services: {
      web: { command: 'PORT=3000 node web.js', port: 3000, envFile: '.env' },
      worker: { command: 'bundle exec sidekiq -q "a b"', envFile: '.env' },
    },
    skipped: [{ name: 'release', reason: 'is run once at each release, not kept running' }],
    notes: [noPackage],
  },
  'a compose file': {
    files: {
      'compose.yaml': `
services:
  db: { image: "postgres:16", ports: ["5432:5432"] }
  migrate:
    build: ./api
    command: npm run migrate
    environment: [ "DATABASE_URL=postgres://u:p@db:5432/x", HOME ]
    depends_on: [db]
  api:
    build: { context: ./api }
    command: ["node", "server.js", "a b"]
    ports: ["127.0.0.1:8080:3000", { target: 9229, published: 9229 }, "7000-7010"]
    environment: { NODE_ENV: development, LEVEL: "\${LEVEL:-debug}", SECRET: "\${SECRET}", PRICE: "5$$" }
    env_file: [.env, ./api/.env.local]
    depends_on:
      db: { condition: service_healthy }
      migrate: { condition: service_completed_successfully, restart: true }
  web:
    image: node:20-alpine
    working_dir: /app
    volumes: ["./web:/app"]
    depends_on: { api: { condition: service_healthy } }
  plain: { build: ./plain }
  gone: { build: ./gone, command: x }
  empty: {}
`,
      'api/package.json': '{}',
      'web/package.json': pkg({ scripts: { dev: 'node dev.js' } }),
      'web/dev.js': 'app.listen(5000)',
      'plain/Dockerfile': 'FROM scratch',
    },
    kind: 'compose',
    services: {
      migrate: {
        command: 'npm run migrate',
        cwd: 'api',
        env: { DATABASE_URL: 'postgres://u:p@db:5432/x' },
        restart: 'on-failure',
      },
      api: {
        command: ['node', 'server.js', 'a b'],
        cwd: 'api',
        ports: [3000, 9229],
        env: { NODE_ENV: 'development', LEVEL: 'debug', PRICE: '5$' },
        envFile: ['../.env', '.env.local'],
        dependsOn: { migrate: { condition: 'completed', restart: true } },
      },
      web: { command: 'node dev.js', cwd: 'web', port: 5000, dependsOn: ['api'] },
    },
    skipped: [
      { name: 'db', reason: 'runs the image postgres:16' },
      { name: 'plain', reason: 'has no command, and its folder no dev or start script' },
      { name: 'gone', reason: 'its folder gone does not exist' },
      { name: 'empty', reason: 'has neither an image nor a build' },
    ],
    notes: [
      'migrate: DATABASE_URL names the container "db"; outside of compose it is localhost with a published port.',
      'api: listens on 3000 here; in compose, that is published as 8080.',
      expect.stringMatching(
        /^api: SECRET is made of variables \(.*\); set it in the config or in an env file\.$/,
      ) as string,
      'migrate needs db, which Upkeep does not run: start it yourself (docker compose up -d db).',
      'api needs db, which Upkeep does not run: start it yourself (docker compose up -d db).',
      noPackage,
    ],
  },
  'a PM2 ecosystem file': {
    files: {
      'ecosystem.config.js': `module.exports = { apps: [
        { name: 'api/v1', script: './api.js', args: '--verbose --mode "x"', node_args: ['--inspect'], cwd: './api', env: { PORT: 3000, DEBUG: true, NOT: undefined },
          instances: 'max', watch: ['src', 'config.json'], ignore_watch: ['node_modules', 'logs', /x/], max_restarts: 10, restart_delay: 4000, kill_timeout: 1600, max_memory_restart: '1G' },
        { script: 'jobs/nightly.py', autorestart: false, watch: false, namespace: 'jobs' },
        { name: 'npm', script: 'npm', args: 'run dev', watch: true },
        { name: 'bin', script: './bin/server', interpreter: 'none', ignore_watch: ['tmp'] },
        { name: 'lost' },
      ] }`,
      'api/src/x': '',
      'api/logs/x': '',
      'package.json': pkg({ type: 'commonjs', dependencies: { upkeep: '*' } }),
    },
    kind: 'pm2',
    services: {
      'api-v1': {
        command: 'node --inspect ./api.js --verbose --mode x',
        cwd: './api',
        port: 3000,
        env: { PORT: 3000, DEBUG: true },
        restart: { maxFailures: 10, delay: 4000 },
        stop: { grace: 1600 },
        watch: { include: ['src/**', 'config.json'], ignore: ['logs/**'] },
      },
      nightly: { command: 'python3 jobs/nightly.py', restart: 'never', watch: false, group: 'jobs' },
      npm: { command: 'npm run dev', watch: ['**'] },
      bin: { command: './bin/server', watch: { ignore: ['tmp'] } },
    },
    skipped: [{ name: 'lost', reason: 'has no script' }],
    notes: [
      'api/v1: patterns of ignore_watch that are no texts are not taken over.',
      "api/v1: max instances become one; PM2's cluster mode has no counterpart.",
      'api/v1: not taken over: max_memory_restart.',
      '"api/v1" is called api-v1: service names are file names too.',
    ],
  },
};

describe('each kind of project', () => {
  it.each(Object.entries(cases))(
    '%s becomes a configuration that loads',
    async (_, { files, ...expected }) => {
      const root = workspace(files);
      const plan = await planInit(root, any);
      expect(plan.draft.kind).toBe(expected.kind);
      expect(plan.draft.services).toEqual(expected.services);
      expect(plan.draft.skipped).toEqual(expected.skipped ?? []);
      expect(plan.notes).toEqual(expected.notes ?? []);
      applyPlan(plan);
      const { services, workspace: loaded } = await loadConfig(root);
      expect(loaded).toBe(root);
      expect(services.map(({ name }) => name).sort()).toEqual(Object.keys(expected.services).sort());
    },
  );
});

describe('what is written', () => {
  const project = {
    'package.json':
      '{\r\n\t"name": "x",\r\n\t"type": "module",\r\n\t"files": ["a", "b"],\r\n\t"scripts": {\r\n\t\t"start": "node a.js",\r\n\t\t"stop:daemon": "mine"\r\n\t}\r\n}\r\n',
    'a.js': `import('./b.js').listen(3000, 'it"s')`,
    '.git/HEAD': '',
    '.gitignore': 'node_modules\n/.upkeep',
  };

  it('leaves the rest of package.json and .gitignore as it is', async () => {
    const root = workspace(project);
    const plan = await planInit(root, any);
    expect(plan.changes.map(({ file, action }) => [file, action])).toEqual([
      ['upkeep.config.js', 'create'],
      ['package.json', 'change'],
      ['.gitignore', 'change'],
    ]);
    expect(plan.notes).toContain('The npm script stop:daemon exists already and stays as it is.');
    applyPlan(plan);
    expect(readFileSync(join(root, 'package.json'), 'utf8')).toBe(
      project['package.json'].replace(
        '"mine"',
        [
          '"mine"',
          '"start:daemon": "upkeep start"',
          '"start:daemon:bg": "upkeep start --no-wait"',
          '"daemon:status": "upkeep status"',
          '"daemon:restart": "upkeep restart"',
          '"daemon:logs": "upkeep logs"',
        ].join(',\r\n\t\t'),
      ),
    );
    expect(readFileSync(join(root, '.gitignore'), 'utf8')).toBe(
      'node_modules\n/.upkeep\n.server-logs/\n.server-daemon-state.json\n',
    );
    expect(readFileSync(join(root, 'upkeep.config.js'), 'utf8')).toBe(
      `import { defineConfig } from 'upkeep';\n\nexport default defineConfig({\n  services: {\n    x: { command: 'node a.js', port: 3000 },\n  },\n});\n`,
    );
    expect(readdirSync(root).sort()).toEqual([
      '.git',
      '.gitignore',
      'a.js',
      'package.json',
      'upkeep.config.js',
    ]);
  });

  it.each([
    [
      'TypeScript',
      { 'tsconfig.json': '{}' },
      'upkeep.config.ts',
      /^import .* from 'upkeep';\n\nexport default /,
    ],
    [
      'CommonJS',
      { 'package.json': pkg({ name: 'x', scripts: { start: 'node a.js' } }) },
      'upkeep.config.js',
      /^const .* = require\('upkeep'\);\n\nmodule\.exports = /,
    ],
  ])('speaks %s where the project does', async (_, files, name, start) => {
    const plan = await planInit(workspace({ ...project, ...files }), any);
    expect(plan.changes[0]?.file).toBe(name);
    expect(plan.changes[0]?.text).toMatch(start);
  });

  it('adds nothing a second time', async () => {
    const root = workspace(project);
    applyPlan(await planInit(root, any));
    const again = await planInit(root, { from: null, force: true });
    expect(again.changes.map(({ file }) => file)).toEqual(['upkeep.config.js']);
  });

  it('keeps the mode of a file that it changes', async () => {
    const root = workspace(project);
    chmodSync(join(root, 'package.json'), 0o666);
    applyPlan(await planInit(root, any));
    expect(statSync(join(root, 'package.json')).mode & 0o777).toBe(0o666);
  });

  it('makes no .gitignore outside of a repository', async () => {
    const plan = await planInit(workspace({ Procfile: 'web: x' }), any);
    expect(plan.changes.map(({ file }) => file)).toEqual(['upkeep.config.js']);
  });
});

describe('choosing', () => {
  const both = { Procfile: 'web: node web.js', 'servers/api.js': '', 'package.json': '{}' };

  it('names what else could be taken, and takes it when asked', async () => {
    const root = workspace(both);
    expect(await planInit(root, any)).toMatchObject({
      draft: { kind: 'procfile' },
      alternatives: ['servers'],
    });
    const plan = await planInit(root, { from: 'servers', force: false });
    expect(plan).toMatchObject({ draft: { kind: 'servers' }, alternatives: [] });
  });

  it('finds the project from a sub-folder of the repository', async () => {
    const root = workspace({
      '.git/HEAD': '',
      'package.json': pkg({ workspaces: ['packages/*'] }),
      'packages/api/package.json': pkg({ name: 'api', scripts: { dev: 'node x.js' } }),
    });
    const plan = await planInit(join(root, 'packages', 'api'), any);
    expect(plan.workspace).toBe(root);
  });

  it('says so when there is nothing', async () => {
    const root = workspace({ 'package.json': pkg({ scripts: { start: 'upkeep up' } }) });
    const error = await userError(() => planInit(root, any));
    expect(error.message).toBe(`No sign of anything that can be run in ${root}.`);
    expect(error.exitCode).toBe(ExitCode.config);
  });

  it('says why a compose file yields nothing', async () => {
    const root = workspace({ 'compose.yml': 'services: { db: { image: postgres } }' });
    const error = await userError(() => planInit(root, { from: 'compose', force: false }));
    expect(error.message).toBe(
      `No sign of services of the kind "compose" in ${root}.\ndb runs the image postgres`,
    );
  });

  it.each([
    [
      'a circle',
      {
        'compose.yml':
          'services: { a: { build: ., command: x, depends_on: [b] }, b: { build: ., command: y, depends_on: [a] } }',
      },
      'compose.yml: services.a.dependsOn: the services wait for each other in a circle: a → b → a',
    ],
    [
      'a broken compose file',
      { 'compose.yml': 'services: {' },
      /^compose\.yml: Flow map .* at line 1, column 12:$/,
    ],
    [
      'a broken ecosystem file',
      { 'ecosystem.config.js': 'module.exports = {' },
      'ecosystem.config.js:1:19: Unexpected token',
    ],
    [
      'a broken package.json',
      { 'package.json': '{,}', Procfile: 'a: b' },
      'package.json:1:2: expected a key in double quotes, found ","',
    ],
  ])('tells of %s', async (_, files, message) => {
    const error = await userError(() => planInit(workspace(files), any));
    expect(error.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });
});

describe('an existing configuration', () => {
  it('is not overwritten', async () => {
    const root = workspace({ Procfile: 'a: b', 'upkeep.config.yaml': 'services: { mine: x }' });
    const error = await userError(() => planInit(root, any));
    expect(error.message).toBe(`${root} has a configuration already: upkeep.config.yaml.`);
    expect(error.hint).toBe('Use --force to write a new one; the old one is kept as upkeep.config.yaml.old.');
  });

  it('is kept beside the new one with --force', async () => {
    const root = workspace({
      Procfile: 'a: b',
      'upkeep.config.yaml': 'services: { mine: x }',
      'upkeep.config.yaml.old': '',
    });
    const plan = await planInit(root, { from: null, force: true });
    applyPlan(plan);
    expect(readFileSync(join(root, 'upkeep.config.yaml.old.2'), 'utf8')).toBe('services: { mine: x }');
    expect(existsSync(join(root, 'upkeep.config.yaml'))).toBe(false);
    expect((await loadConfig(root)).services.map(({ name }) => name)).toEqual(['a']);
  });

  it('in package.json is left to the person', async () => {
    const root = workspace({ Procfile: 'a: b', 'package.json': pkg({ upkeep: { services: { a: 'b' } } }) });
    const error = await userError(() => planInit(root, { from: null, force: true }));
    expect(error.message).toBe(`${root} has a configuration already: the "upkeep" key in package.json.`);
    expect(error.hint).toBe('Take the key out first.');
  });
});
