import { describe, expect, it } from 'vitest';
import { keyText } from '../../../src/config/problems.ts';
import { resolveConfig } from '../../../src/config/resolve/index.ts';
import type { Config, Service, SharedOptions } from '../../../src/config/types.ts';
import type { ResolvedService } from '../../../src/contract/config.ts';

const place = { root: '/w', file: '/w/upkeep.config.js', sources: [], otherNames: [] };

function one(service: Service | string, defaults: SharedOptions = {}): ResolvedService {
  const { config, problems } = resolveConfig({ defaults, services: { a: service, db: 'node db.js' } }, place);
  expect(problems).toEqual([]);
  return config.services[0] as ResolvedService;
}

function problems(config: Config): string[] {
  return resolveConfig(config, place).problems.map(
    ({ path, message, hint }) => `${keyText(path)}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
}

const problem = (service: Service) => problems({ services: { a: { command: 'x', ...service } } });

describe('defaults', () => {
  it('are filled in', () => {
    const { config } = resolveConfig({ services: { a: { command: 'node a.js', port: 3000 } } }, place);
    expect(config).toEqual({
      workspace: '/w',
      file: '/w/upkeep.config.js',
      sources: [],
      logDir: '/w/.server-logs',
      services: [
        {
          name: 'a',
          description: '',
          groups: [],
          command: { argv: ['node', 'a.js'] },
          cwd: '/w',
          env: {},
          envFiles: [],
          ports: [3000],
          url: 'http://localhost:3000',
          mode: null,
          standby: 'auto',
          ready: { kind: 'port', port: 3000 },
          readyTimeout: 30_000,
          dependsOn: [],
          restart: { policy: 'always', delay: null, maxFailures: 5, window: 60_000 },
          stop: { signal: 'SIGTERM', grace: 5000, drain: 5000 },
          watch: { enabled: true, include: [], ignore: [], quiet: null, packages: false },
          logs: { maxSize: 10 * 1024 * 1024, keep: 3 },
        },
      ],
    });
  });

  it('hold for every service, object by object', () => {
    const shared: SharedOptions = {
      env: { A: 1, B: 1 },
      restart: 'on-failure',
      watch: { ignore: ['tmp/**'], quiet: 100 },
      mode: 'handoff',
      stop: { signal: 'SIGINT', grace: '1s', drain: '2s' },
      logs: { keep: 1 },
      group: 'all',
      ready: { log: 'up', timeout: '5s' },
      envFile: '.env',
    };
    expect(one({ command: 'x' }, shared)).toMatchObject({
      env: { A: '1', B: '1' },
      restart: { policy: 'on-failure', maxFailures: 5 },
      watch: { enabled: true, include: [], ignore: ['tmp/**'], quiet: 100, packages: false },
      mode: 'handoff',
      stop: { signal: 'SIGINT', grace: 1000, drain: 2000 },
      groups: ['all'],
      ready: { kind: 'log', pattern: 'up', flags: '' },
      readyTimeout: 5000,
      envFiles: ['/w/.env'],
    });
    expect(
      one(
        {
          command: 'x',
          cwd: undefined,
          env: { B: 2 },
          restart: { delay: '2s' },
          watch: ['src/**'],
          mode: 'plain',
          stop: { grace: 0 },
          logs: { maxSize: '1KB' },
          group: [],
          ready: 'started',
          envFile: [],
        },
        { ...shared, cwd: 'sub' },
      ),
    ).toMatchObject({
      cwd: '/w/sub',
      env: { A: '1', B: '2' },
      restart: { policy: 'on-failure', delay: 2000 },
      watch: { enabled: true, include: ['src/**'], ignore: ['tmp/**'], quiet: 100, packages: false },
      mode: 'plain',
      stop: { signal: 'SIGINT', grace: 0, drain: 2000 },
      logs: { maxSize: 1024, keep: 1 },
      groups: [],
      ready: { kind: 'started' },
      readyTimeout: 5000,
      envFiles: [],
    });
  });

  it('do not make a service depend on itself', () => {
    const { config, problems } = resolveConfig(
      { defaults: { dependsOn: ['db'] }, services: { db: 'node db.js', a: 'node a.js' } },
      place,
    );
    expect(problems).toEqual([]);
    expect(config.services.map(({ dependsOn }) => dependsOn.length)).toEqual([0, 1]);
  });
});

describe('values', () => {
  const dependency = { service: 'db', condition: 'ready' as const, required: true, restart: false };
  it.each<[Service, Partial<ResolvedService>]>([
    [{ command: ['node', 'a b'] }, { command: { argv: ['node', 'a b'] } }],
    [{ command: 'a | b' }, { command: { shell: 'a | b' } }],
    [
      { cwd: 'api', envFile: ['.env', '/etc/x'] },
      { cwd: '/w/api', envFiles: ['/w/api/.env', '/etc/x'] },
    ],
    [{ env: { A: true, B: 0.5, C: '' } }, { env: { A: 'true', B: '0.5', C: '' } }],
    [
      { ports: [3000, 3001] },
      { ports: [3000, 3001], url: 'http://localhost:3000', ready: { kind: 'port', port: 3000 } },
    ],
    [{ port: 3000, url: false }, { url: null }],
    [{ port: 3000, url: '/admin' }, { url: 'http://localhost:3000/admin' }],
    [{ url: 'https://app.localhost' }, { url: 'https://app.localhost' }],
    [{}, { url: null, ready: { kind: 'started' } }],
    [{ port: 3000, ready: 'started' }, { ready: { kind: 'started' } }],
    [{ port: 3000, ready: 'port' }, { ready: { kind: 'port', port: 3000 } }],
    [{ ready: { port: 3001 } }, { ready: { kind: 'port', port: 3001 } }],
    [
      { port: 3000, ready: { timeout: '2m' } },
      { ready: { kind: 'port', port: 3000 }, readyTimeout: 120_000 },
    ],
    [
      { port: 3000, ready: { http: '/health' } },
      { ready: { kind: 'http', url: 'http://localhost:3000/health', status: [] } },
    ],
    [
      { ready: { http: 'http://x:1', status: 401 } },
      { ready: { kind: 'http', url: 'http://x:1', status: [401] } },
    ],
    [
      { ready: { http: 'http://x:1', status: [200, 401] } },
      { ready: { kind: 'http', url: 'http://x:1', status: [200, 401] } },
    ],
    [{ ready: { log: 'on port \\d+' } }, { ready: { kind: 'log', pattern: 'on port \\d+', flags: '' } }],
    [{ ready: { log: '/LISTENING/gi' } }, { ready: { kind: 'log', pattern: 'LISTENING', flags: 'i' } }],
    [{ ready: { log: /listening/iy } }, { ready: { kind: 'log', pattern: 'listening', flags: 'i' } }],
    [{ ready: { log: '/var/run' } }, { ready: { kind: 'log', pattern: '/var/run', flags: '' } }],
    [
      { ready: { command: 'pg_isready' } },
      { ready: { kind: 'command', command: 'pg_isready', interval: 1000 } },
    ],
    [
      { ready: { command: 'x', interval: '100ms' } },
      { ready: { kind: 'command', command: 'x', interval: 100 } },
    ],
    [{ ready: { delay: '2s' } }, { ready: { kind: 'delay', ms: 2000 } }],
    [{ dependsOn: ['db'] }, { dependsOn: [dependency] }],
    [{ dependsOn: { db: {} } }, { dependsOn: [dependency] }],
    [
      { dependsOn: [{ service: 'db', condition: 'started', required: false, restart: true }] },
      { dependsOn: [{ service: 'db', condition: 'started', required: false, restart: true }] },
    ],
    [{ restart: 'never' }, { restart: { policy: 'never', delay: null, maxFailures: 5, window: 60_000 } }],
    [{ stop: { signal: 'int' } }, { stop: { signal: 'SIGINT', grace: 5000, drain: 5000 } }],
    [{ watch: false }, { watch: { enabled: false, include: [], ignore: [], quiet: null, packages: false } }],
    [{ watch: true }, { watch: { enabled: true, include: [], ignore: [], quiet: null, packages: false } }],
    [
      { watch: { quiet: '1s' } },
      { watch: { enabled: true, include: [], ignore: [], quiet: 1000, packages: false } },
    ],
    [
      { group: ['x', 'y', 'x'], description: 'd' },
      { groups: ['x', 'y'], description: 'd' },
    ],
  ])('%j', (service, expected: Partial<ResolvedService>) => {
    expect(one({ command: 'x', ...service })).toMatchObject(expected);
  });

  it('keeps logs where it is told', () => {
    const { config } = resolveConfig({ logDir: '../logs', services: { a: 'x' } }, place);
    expect(config.logDir).toBe('/logs');
  });
});

describe('contradictions', () => {
  it.each<[Service, string]>([
    [{ command: undefined }, 'services.a: has no command (for example command: "node server.js")'],
    [{ command: 'node "x' }, 'services.a.command: the command has an unclosed " quote'],
    [{ port: 1, ports: [2] }, 'services.a.ports: port and ports exclude each other'],
    [{ ports: [1, 2, 1] }, 'services.a.ports: 1 is named twice'],
    [{ ready: 'port' }, 'services.a.ready: "port" needs a port (add `port`, or write { port: 3000 } here)'],
    [
      { ready: { http: '/x' } },
      'services.a.ready.http: the path "/x" needs a port (add `port`, or write the whole url)',
    ],
    [
      { ready: { http: 'ftp://x' } },
      'services.a.ready.http: expected a path like "/health" or an http(s) url, got "ftp://x"',
    ],
    [
      { url: 'localhost:3000' },
      'services.a.url: expected a path like "/health" or an http(s) url, got "localhost:3000"',
    ],
    [{ ready: { log: '(' } }, 'services.a.ready.log: invalid regular expression: /(/: Unterminated group'],
    [
      { ready: { log: 'a', delay: 1 } },
      'services.a.ready: log and delay exclude each other: one check decides',
    ],
    [{ ready: { log: 'a', status: 200 } }, 'services.a.ready.status: goes with http only'],
    [{ ready: { log: 'a', interval: 5 } }, 'services.a.ready.interval: goes with command only'],
    [{ restart: { window: 0 } }, 'services.a.restart.window: must be longer than 0'],
    [
      { stop: { signal: 'SIGTREM' } },
      'services.a.stop.signal: there is no signal "SIGTREM" (did you mean "SIGTERM"?)',
    ],
    [{ group: '@x' }, 'services.a.group: "@x": the "@" is written when selecting only'],
    [
      { group: 'a/b' },
      'services.a.group: "a/b": a name cannot contain "/" or "\\": logs and run folders are named after it, and it must not lead out of them',
    ],
    [{ env: { 'A=B': 1 } }, 'services.a.env["A=B"]: is no name for a variable'],
    [{ dependsOn: ['a'] }, 'services.a.dependsOn: a depends on itself'],
    [{ dependsOn: ['b'] }, 'services.a.dependsOn[0]: there is no service "b" (services: a)'],
    [
      { dependsOn: { postgres: {} } },
      'services.a.dependsOn.postgres: there is no service "postgres" (services: a)',
    ],
  ])('%j', (service, expected) => {
    expect(problem(service)).toEqual([expected]);
  });

  it('one dependency twice', () => {
    expect(problems({ services: { a: { command: 'x', dependsOn: ['b', 'b'] }, b: 'y' } })).toEqual([
      'services.a.dependsOn[1]: "b" is named twice',
    ]);
  });

  it('one port for two services', () => {
    const services = { web: { command: 'x', port: 3000 }, api: { command: 'y', ports: [4000, 3000] } };
    expect(problems({ services })).toEqual([
      'services.api.ports: port 3000 belongs to the service "web" already',
    ]);
  });

  it('two names that one log would serve', () => {
    expect(problems({ services: { Web: 'x', web: 'y' } })).toEqual([
      'services.web: differs from the service "Web" only in upper and lower case',
    ]);
  });

  it('circles, each once and as a path', () => {
    const services: Config['services'] = {
      x: { command: 'x', dependsOn: ['a'] },
      a: { command: 'x', dependsOn: ['b', 'd'] },
      b: { command: 'x', dependsOn: ['c'] },
      c: { command: 'x', dependsOn: ['a'] },
      d: { command: 'x', dependsOn: ['e'] },
      e: { command: 'x', dependsOn: ['d'] },
    };
    expect(problems({ services })).toEqual([
      'services.a.dependsOn: the services wait for each other in a circle: a → b → c → a',
      'services.d.dependsOn: the services wait for each other in a circle: d → e → d',
    ]);
  });

  it('waiting for the end of what is restarted at its end', () => {
    const dependsOn = { migrate: { condition: 'completed' as const } };
    expect(problems({ services: { migrate: 'x', api: { command: 'y', dependsOn } } })).toEqual([
      'services.api.dependsOn: waits until "migrate" has completed, but "migrate" is restarted whenever it ends (give "migrate" restart: "never" or "on-failure")',
    ]);
    const migrate = { command: 'x', restart: 'never' as const };
    expect(problems({ services: { migrate, api: { command: 'y', dependsOn } } })).toEqual([]);
  });

  it('a mistake in the defaults is told where it stands', () => {
    expect(problems({ defaults: { ready: { log: '(' } }, services: { a: 'x' } })).toEqual([
      'defaults.ready.log: for the service "a": invalid regular expression: /(/: Unterminated group',
    ]);
  });

  it('logs in the workspace itself', () => {
    expect(problems({ logDir: '.', services: { a: 'x' } })).toEqual([
      'logDir: the logs need a folder of their own, not the workspace itself',
    ]);
  });
});
