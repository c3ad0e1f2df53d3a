import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/config/check.ts';
import { alternatives, configJsonSchema, type JsonSchema } from '../../src/config/json-schema.ts';
import { keyText } from '../../src/config/problems.ts';

/** The problems of one service's settings, as `key: message (hint)`. */
function problemsOf(service: unknown): string[] {
  return told({ services: { a: service } }).map((line) => line.replace(/^services\.a\.?/, ''));
}

function told(config: unknown): string[] {
  const checked = checkConfig(config);
  if (!('problems' in checked)) return [];
  return checked.problems.map(
    ({ path, message, hint }) => `${keyText(path)}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
}

const durations = 'expected ms as a number, or a text like "500ms", "2s" or "1m"';
const portRange = 'expected a whole number from 1 to 65535';

describe('shapes', () => {
  it.each<[unknown, string]>([
    [5, ': expected a command line, or an object with `command`, got 5'],
    [['node'], ': expected a command line, or an object with `command`, got a list'],
    ['', ': cannot be empty'],
    [{ command: 5 }, 'command: expected a command line, or a list of program and arguments, got 5'],
    [{ command: [] }, 'command: cannot be empty'],
    [{ command: ['node', 5] }, 'command[1]: expected a text, got 5'],
    [{ port: '3000' }, `port: ${portRange}, got "3000"`],
    [{ port: 0 }, `port: ${portRange}, got 0`],
    [{ port: 65536 }, `port: ${portRange}, got 65536`],
    [{ port: 1.5 }, `port: ${portRange}, got 1.5`],
    [{ ports: 3000 }, 'ports: expected a list, got 3000'],
    [{ ports: [3000, null] }, `ports[1]: ${portRange}, got nothing (null)`],
    [{ env: { A: null } }, 'env.A: expected a text, a number, true or false, got nothing (null)'],
    [{ env: ['A=1'] }, 'env: expected an object, got a list'],
    [{ envFile: 5 }, 'envFile: expected a text or a list of texts, got 5'],
    [{ url: true }, 'url: expected a url, a path, or false, got true'],
    [{ ready: 'prot' }, 'ready: must be one of "port", "started", got "prot"; did you mean "port"?'],
    [{ standby: 'always' }, 'standby: must be one of true, false, "auto", got "always"'],
    [
      { ready: 5 },
      'ready: expected "port", "started", or an object with port, http, log, command or delay, got 5',
    ],
    [{ ready: { htpp: '/' } }, 'ready.htpp: unknown key (did you mean "http"?)'],
    [{ ready: { http: '/', status: 99 } }, 'ready.status: expected at least 100, got 99'],
    [{ ready: { log: 5 } }, 'ready.log: expected a regular expression, got 5'],
    [{ ready: { timeout: '5 sec' } }, `ready.timeout: ${durations}, got "5 sec"`],
    [{ ready: { timeout: true } }, `ready.timeout: ${durations}, got true`],
    [{ stop: { grace: -1 } }, 'stop.grace: expected at least 0, got -1'],
    [{ stop: { grace: 2 ** 31 } }, 'stop.grace: expected at most 2147483647, got 2147483648'],
    [{ stop: 'SIGINT' }, 'stop: expected an object, got "SIGINT"'],
    [
      { dependsOn: 'db' },
      'dependsOn: expected a list of services, or an object with one key for each service, got "db"',
    ],
    [{ dependsOn: [5] }, 'dependsOn[0]: expected the name of a service, or an object with `service`, got 5'],
    [{ dependsOn: [{}] }, 'dependsOn[0].service: is missing'],
    [
      { dependsOn: { db: { conditon: 'ready' } } },
      'dependsOn.db.conditon: unknown key (did you mean "condition"?)',
    ],
    [
      { dependsOn: { db: { condition: 'healthy' } } },
      'dependsOn.db.condition: must be one of "started", "ready", "completed", got "healthy"',
    ],
    [
      { restart: 'alwys' },
      'restart: must be one of "always", "on-failure", "never", got "alwys"; did you mean "always"?',
    ],
    [{ restart: true }, 'restart: expected "always", "on-failure", "never", or an object, got true'],
    [{ restart: { maxFailures: 0 } }, 'restart.maxFailures: expected at least 1, got 0'],
    [{ restart: { maxFailures: 1.5 } }, 'restart.maxFailures: expected a whole number, got 1.5'],
    [
      { watch: 'src' },
      'watch: expected false, a list of globs, or an object with include, ignore, quiet or packages, got "src"',
    ],
    [{ watch: { includ: [] } }, 'watch.includ: unknown key (did you mean "include"?)'],
    [{ group: {} }, 'group: expected a text or a list of texts, got an object'],
    [
      { logs: { maxSize: '10 XB' } },
      'logs.maxSize: expected bytes as a number, or a text like "500KB" or "10MB", got "10 XB"',
    ],
    [{ description: 5 }, 'description: expected a text, got 5'],
    [{ dependson: [] }, 'dependson: unknown key (did you mean "dependsOn"?)'],
    [{ stop: { x: 1 } }, 'stop.x: unknown key (known: signal, grace, drain)'],
  ])('%j: %s', (service, problem) => {
    expect(problemsOf(service)).toEqual([problem]);
  });

  it('refuses the one key that a record would lose', () => {
    const kept = 'nothing can be called this: JavaScript keeps the word for itself';
    const lost = (json: string) => told(JSON.parse(json));
    expect(lost('{"services":{"a":"x","__proto__":"y"}}')).toEqual([`services.__proto__: ${kept}`]);
    expect(
      lost(
        '{"defaults":{"env":{"__proto__":"1"}},"services":{"a":{"env":{"__proto__":""},"dependsOn":{"__proto__":{}}}}}',
      ),
    ).toEqual([
      `defaults.env.__proto__: ${kept}`,
      `services.a.env.__proto__: ${kept}`,
      `services.a.dependsOn.__proto__: ${kept}`,
    ]);
    expect(lost('{"__proto__":1,"services":{}}')).toEqual([expect.stringMatching(/^__proto__: unknown key/)]);
  });

  it.each<[unknown, string[]]>([
    [null, [': expected an object, got nothing (null)']],
    [{}, ['services: is missing']],
    [{ services: [] }, ['services: expected an object, got a list']],
    [{ services: {}, logdir: 'x' }, ['logdir: unknown key (did you mean "logDir"?)']],
    [
      { services: {}, defaults: { port: 1 } },
      [
        'defaults.port: unknown key (known: command, cwd, env, envFile, url, mode, standby, ready, dependsOn, restart, stop, watch, group, description, logs)',
      ],
    ],
    [
      { services: { 'my api': { prot: 1, restart: 5 } } },
      [
        'services["my api"].restart: expected "always", "on-failure", "never", or an object, got 5',
        'services["my api"].prot: unknown key (did you mean "port"?)',
      ],
    ],
  ])('the whole: %j', (config, problems) => {
    expect(told(config)).toEqual(problems);
  });

  it.each([
    'node x',
    { command: 'x', ready: { log: /up/i, timeout: '1m' }, restart: { delay: '2s' }, watch: false },
    { command: ['x'], ports: [], envFile: [], group: [], dependsOn: {}, url: false, cwd: undefined },
    {
      command: 'x',
      dependsOn: ['a', { service: 'b', required: false }],
      watch: ['**'],
      env: { A: 1, B: true },
    },
  ])('takes %j', (service) => {
    expect(problemsOf(service)).toEqual([]);
  });
});

describe('JSON Schema', () => {
  it('allows no key that the schema does not know, and nothing at will', () => {
    const seen: JsonSchema[] = [];
    const walk = (schema: JsonSchema): void => {
      seen.push(schema);
      for (const child of Object.values(schema.properties ?? {})) walk(child);
      for (const child of schema.anyOf ?? []) walk(child);
      if (typeof schema.additionalProperties === 'object') walk(schema.additionalProperties);
      if (schema.items !== undefined) walk(schema.items);
    };
    walk(configJsonSchema());
    expect(seen.length).toBeGreaterThan(100);
    for (const schema of seen) {
      expect(Object.keys(schema)).not.toEqual([]);
      if (schema.properties !== undefined) expect(schema.additionalProperties).toBe(false);
    }
  });

  it('says of each key what the type says', () => {
    const source = readFileSync(fileURLToPath(new URL('../../src/config/types.ts', import.meta.url)), 'utf8');
    const comments = new Set([...source.matchAll(/\/\*\* (.*) \*\/\n {2}/g)].map(([, comment]) => comment));
    const described: string[] = [];
    const walk = (schema: JsonSchema): void => {
      for (const one of alternatives(schema, configJsonSchema())) {
        for (const child of Object.values(one.properties ?? {})) {
          if (child.description !== undefined) described.push(child.description);
          walk(child);
        }
        if (typeof one.additionalProperties === 'object') walk(one.additionalProperties);
        if (one.items !== undefined) walk(one.items);
      }
    };
    walk(configJsonSchema());
    expect(new Set(described)).toEqual(comments);
  });
});
