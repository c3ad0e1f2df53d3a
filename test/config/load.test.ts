import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/contract/exit-codes.ts';
import { bundledConfig, userError, workspace } from './workspace.ts';

const { loadConfig } = await bundledConfig();

const wanted = [
  { name: 'web', command: { argv: ['node', 'web.js'] }, ports: [3000] },
  { name: 'job', command: { shell: 'echo $HOME' }, ports: [] },
];
const object = `{ services: { web: { command: 'node web.js', port: 3000 }, job: 'echo $HOME' } }`;
const json = `{ "services": { "web": { "command": "node web.js", "port": 3000 }, "job": "echo $HOME" } }`;

const formats: [string, Record<string, string>][] = [
  [
    'upkeep.config.ts',
    { 'upkeep.config.ts': `const port: number = 3000;\nexport default ${object.replace('3000', 'port')}` },
  ],
  [
    'upkeep.config.mts',
    { 'upkeep.config.mts': `import { defineConfig } from 'upkeep';\nexport default defineConfig(${object})` },
  ],
  ['upkeep.config.mjs', { 'upkeep.config.mjs': `export default ${object}` }],
  ['upkeep.config.cjs', { 'upkeep.config.cjs': `module.exports = ${object}` }],
  [
    'upkeep.config.js',
    { 'upkeep.config.js': `export default ${object}`, 'package.json': '{"type":"module"}' },
  ],
  [
    'upkeep.config.js',
    { 'upkeep.config.js': `module.exports = ${object}`, 'package.json': '{"type":"commonjs"}' },
  ],
  [
    'upkeep.config.js',
    { 'upkeep.config.js': `export default ${object}`, 'package.json': '{"type":"commonjs"}' },
  ],
  [
    'upkeep.config.js',
    { 'upkeep.config.js': `module.exports = ${object}`, 'package.json': '{"type":"module"}' },
  ],
  [
    'upkeep.config.js',
    { 'upkeep.config.js': `import { defineConfig } from 'upkeep';\nexport default defineConfig(${object})` },
  ],
  ['upkeep.config.mjs', { 'upkeep.config.mjs': `export default () => (${object})` }],
  ['upkeep.config.mjs', { 'upkeep.config.mjs': `export default async () => (${object})` }],
  ['upkeep.config.json', { 'upkeep.config.json': json }],
  ['upkeep.config.json', { 'upkeep.config.json': `\uFEFF${json}` }],
  [
    'upkeep.config.yaml',
    {
      'upkeep.config.yaml':
        'services:\n  web:\n    command: node web.js\n    port: 3000\n  job: echo $HOME\n',
    },
  ],
  ['upkeep.config.yml', { 'upkeep.config.yml': json }],
  [
    'upkeep.config.toml',
    {
      'upkeep.config.toml':
        '[services.web]\ncommand = "node web.js"\nport = 3000\n[services]\njob = "echo $HOME"\n',
    },
  ],
  ['package.json', { 'package.json': `{ "name": "x", "upkeep": ${json} }` }],
];

describe('formats', () => {
  it.each(formats)('%s says the same: %j', async (name, files) => {
    const root = workspace(files);
    const config = await loadConfig(root);
    expect(config).toMatchObject({ workspace: root, file: join(root, name), sources: [join(root, name)] });
    expect(new Set(config.services)).toEqual(
      new Set(wanted.map((service) => expect.objectContaining(service))),
    );
  });

  it('takes a bare Procfile, with the .env beside it', async () => {
    const root = workspace({
      Procfile: '# servers\nweb: node web.js\n\nweb-2:node web.js $PORT\nrelease: node migrate.js\n',
      '.env': 'PORT=1',
    });
    const { services } = await loadConfig(root);
    expect(services).toMatchObject([
      {
        name: 'web',
        command: { argv: ['node', 'web.js'] },
        envFiles: [join(root, '.env')],
        ready: { kind: 'started' },
      },
      {
        name: 'web-2',
        command: { shell: 'node web.js $PORT' },
        envFiles: [join(root, '.env')],
        restart: { policy: 'always' },
      },
      { name: 'release', restart: { policy: 'never' } },
    ]);
  });

  it('is read from a sub-folder, and fresh each time', async () => {
    const root = workspace({
      'upkeep.config.mjs':
        'globalThis.upkeepLoads = (globalThis.upkeepLoads ?? 0) + 1; export default { services: { a: "node " + globalThis.upkeepLoads } }',
    });
    const deep = join(root, 'packages', 'api');
    mkdirSync(deep, { recursive: true });
    const first = await loadConfig(deep);
    const second = await loadConfig(root);
    expect(first.workspace).toBe(root);
    expect(second.services[0]?.command).not.toEqual(first.services[0]?.command);
  });

  it('names the local files that it took in as sources', async () => {
    const root = workspace({
      'upkeep.config.ts': `import { port } from './ports';\nimport './side.js';\nexport default { services: { a: { command: 'x', port } } }`,
      'ports.ts': `export { port } from './lib/port.ts';`,
      'lib/port.ts': 'export const port = 4000;',
      'side.js': '',
    });
    const { sources, services } = await loadConfig(root);
    expect(services[0]?.ports).toEqual([4000]);
    expect(sources).toEqual(
      ['upkeep.config.ts', 'ports.ts', 'lib/port.ts', 'side.js'].map((name) => join(root, name)),
    );
  });
});

const yamlMany = `services:
  a: { command: node a.js, port: 3000, dependsOn: [b] }
  b:
    command: node b.js
    port: 3000
    dependsOn:
      - aa
  c:
    comand: node c
    restart: alwys
`;

const yamlBroken = `services:
  a: { command: sleep 100, stop: { signal: KILLME, grace: x }, dependsOn: [zz], port: 40001 }
  b: { command: sleep 100, port: 40001, prt: 5 }
  c: { command: sleep 100, dependsOn: [d], prt: 5 }
  d: { command: sleep 100, dependsOn: [c] }
  e: { command: 5, port: x, ready: { http: /health }, restart: nver }
  f: { command: sleep 100, dependsOn: [5, e] }
  g: { command: sleep 100, dependsOn: { e: { condition: completed } } }
`;

const mistakes: [string, Record<string, string>, string | string[] | RegExp][] = [
  [
    'a trailing comma',
    { 'upkeep.config.json': '{\n  "services": {\n    "a": "x",\n  }\n}' },
    'upkeep.config.json:4:3: JSON has no comma before "}"',
  ],
  [
    'a comment',
    { 'upkeep.config.json': '{\n  // servers\n}' },
    'upkeep.config.json:2:3: JSON has no comments',
  ],
  [
    'single quotes',
    { 'upkeep.config.json': "{ 'services': 1 }" },
    'upkeep.config.json:1:3: JSON texts stand in double quotes',
  ],
  [
    'a missing comma',
    { 'upkeep.config.json': '{ "a": 1 "b": 2 }' },
    'upkeep.config.json:1:10: expected "," or "}", found """',
  ],
  [
    'an open text',
    { 'upkeep.config.json': '{ "a\n": 1 }' },
    'upkeep.config.json:1:3: this text is not closed, or has a character that must be escaped',
  ],
  [
    'an empty file',
    { 'upkeep.config.json': '' },
    'upkeep.config.json:1:1: the file ends where a value should come',
  ],
  [
    'a second key',
    { 'upkeep.config.json': '{ "services": {},\n"services": {} }' },
    'upkeep.config.json:2:1: the key "services" stands here for the second time',
  ],
  [
    'text after the end',
    { 'upkeep.config.json': '{} x' },
    'upkeep.config.json:1:4: expected the end of the file, found "x"',
  ],
  [
    'bad indentation',
    { 'upkeep.config.yaml': 'services:\n  a: x\n b: y\n' },
    'upkeep.config.yaml:3:1: All mapping items must start at the same column',
  ],
  [
    'broken TOML',
    { 'upkeep.config.toml': '[services.a]\ncommand = \n' },
    'upkeep.config.toml:2:11: invalid value',
  ],
  [
    'broken JavaScript',
    { 'upkeep.config.mjs': 'export default {\n  services: {\n    a: "x"\n    b: "y"\n  }\n}\n' },
    'upkeep.config.mjs:4:5: Unexpected token, expected ","',
  ],
  ['broken TypeScript', { 'upkeep.config.ts': 'const a: = 1;' }, 'upkeep.config.ts:1:10: Unexpected token'],
  [
    'a broken import',
    { 'upkeep.config.ts': 'import "./other";', 'other.ts': '\nlet =' },
    "other.ts:2:1: Unexpected reserved word 'let'.",
  ],
  [
    'a Procfile line that is none',
    { Procfile: 'web: x\nnonsense\n' },
    'Procfile:2:1: expected "name: command"',
  ],
  [
    'all lines of a Procfile that are none',
    { Procfile: 'web: x\nnonsense\nweb: y\nmore\n' },
    [
      'Procfile:2:1: expected "name: command"',
      'Procfile:3:1: "web" stands on line 1 already',
      'Procfile:4:1: expected "name: command"',
    ],
  ],
  ['a Procfile name twice', { Procfile: 'web: x\nweb: y\n' }, 'Procfile:2:1: "web" stands on line 1 already'],
  [
    'a script that throws',
    { 'upkeep.config.mjs': '\nexport default { services: { a: process.env.X.y } }' },
    "upkeep.config.mjs:2: the configuration could not be run: TypeError: Cannot read properties of undefined (reading 'y')",
  ],
  [
    'a TypeScript that throws',
    { 'upkeep.config.ts': 'type A = 1;\n\nthrow new Error("no database");' },
    'upkeep.config.ts:3: the configuration could not be run: no database',
  ],
  [
    'a function that throws',
    { 'upkeep.config.mjs': 'export default async () => {\n  throw new Error("no database");\n};' },
    'upkeep.config.mjs:2: the configuration could not be run: no database',
  ],
  [
    'a key that stands deeper before',
    {
      'upkeep.config.mjs':
        'export default { services: { a: { command: "x",\nenv: { port: 1 },\nport: "3000" } } }',
    },
    'upkeep.config.mjs:3: services.a.port: expected a whole number from 1 to 65535, got "3000"',
  ],
  [
    'a script that throws nothing',
    { 'upkeep.config.mjs': 'throw null' },
    'upkeep.config.mjs: the configuration could not be run: null',
  ],
  [
    'a folder in its place',
    { 'upkeep.config.json/x': '' },
    'upkeep.config.json: cannot be read: EISDIR: illegal operation on a directory, read',
  ],
  [
    'a symbol of a module that is not there',
    { 'upkeep.config.mjs': 'import { x } from "nope-nope";\nexport default {}' },
    /^upkeep\.config\.mjs: the configuration could not be run: Cannot find package 'nope-nope'/,
  ],
  [
    'two YAML documents',
    { 'upkeep.config.yaml': 'services: {}\n---\nservices: {}\n' },
    /^upkeep\.config\.yaml:2:1: Source contains multiple documents/,
  ],
  [
    'named exports only',
    { 'upkeep.config.mjs': 'export const services = {};' },
    'upkeep.config.mjs: exports services, but nothing as default.',
  ],
  [
    'named exports only, in TypeScript',
    { 'upkeep.config.ts': 'export const services = {};' },
    'upkeep.config.ts: exports services, but nothing as default.',
  ],
  ['no export', { 'upkeep.config.mjs': '' }, 'upkeep.config.mjs: exports nothing.'],
  [
    'a number as export',
    { 'upkeep.config.mjs': 'export default 5' },
    'upkeep.config.mjs: the default export is a value of type number, expected an object with `services`.',
  ],
  [
    'a list as export',
    { 'upkeep.config.mjs': 'export default []' },
    'upkeep.config.mjs: the default export is a list, expected an object with `services`.',
  ],
  [
    'null as export',
    { 'upkeep.config.cjs': 'module.exports = null' },
    'upkeep.config.cjs: the default export is null, expected an object with `services`.',
  ],
  [
    'an empty YAML',
    { 'upkeep.config.yaml': '' },
    'upkeep.config.yaml: expected an object, got nothing (null)',
  ],
  [
    'a package.json that was cut off',
    { 'package.json': '{"name": "x",\n"upkeep":' },
    'package.json:2:10: the file ends where a value should come',
  ],
  [
    'no services',
    { 'package.json': '{"upkeep":\n{ "services": {} }}' },
    'package.json:2: services: no service is declared (for example web: "node server.js")',
  ],
  ['no services key', { 'upkeep.config.json': '{}' }, 'upkeep.config.json: services: is missing'],
  [
    'an unknown key in JSON',
    { 'upkeep.config.json': '{ "services": { "a": {\n"command": "x",\n"prot": 1 } } }' },
    'upkeep.config.json:3: services.a.prot: unknown key (did you mean "port"?)',
  ],
  [
    'an unknown key in package.json',
    { 'package.json': '{ "prot": 1,\n"upkeep": { "services": { "a": {\n"command": "x",\n"prot": 1 } } } }' },
    'package.json:4: services.a.prot: unknown key (did you mean "port"?)',
  ],
  [
    'an unknown key in TOML',
    { 'upkeep.config.toml': '[services.b]\ncommand = "prot"\n[services.a]\ncommand = "x"\nprot = 1\n' },
    'upkeep.config.toml:5: services.a.prot: unknown key (did you mean "port"?)',
  ],
  [
    'an unknown key in a TOML sub-table',
    { 'upkeep.config.toml': '[services."a b"]\ncommand = "x"\n[services."a b".stop]\nsignl = 1\n' },
    'upkeep.config.toml:4: services["a b"].stop.signl: unknown key (did you mean "signal"?)',
  ],
  [
    'an unknown key in TypeScript',
    {
      'upkeep.config.ts': `// services: { a: { prot\nconst other = { prot: 1 };\nexport default {\n  services: {\n    b: { command: 'prot: 1' },\n    a: { command: 'x', /* prot: 2 */\n      prot: 3 } } }`,
    },
    'upkeep.config.ts:7: services.a.prot: unknown key (did you mean "port"?)',
  ],
  [
    'everything at once, also in services that are not well-formed',
    { 'upkeep.config.yaml': yamlBroken },
    [
      'upkeep.config.yaml:2: services.a.stop.signal: there is no signal "KILLME" (did you mean "SIGKILL"?)',
      'upkeep.config.yaml:2: services.a.stop.grace: expected ms as a number, or a text like "500ms", "2s" or "1m", got "x"',
      'upkeep.config.yaml:2: services.a.dependsOn[0]: there is no service "zz" (services: a, b, c, d, e, f, g)',
      'upkeep.config.yaml:3: services.b.port: port 40001 belongs to the service "a" already',
      'upkeep.config.yaml:3: services.b.prt: unknown key (did you mean "port"?)',
      'upkeep.config.yaml:4: services.c.dependsOn: the services wait for each other in a circle: c → d → c',
      'upkeep.config.yaml:4: services.c.prt: unknown key (did you mean "port"?)',
      'upkeep.config.yaml:6: services.e.command: expected a command line, or a list of program and arguments, got 5',
      'upkeep.config.yaml:6: services.e.port: expected a whole number from 1 to 65535, got "x"',
      'upkeep.config.yaml:6: services.e.restart: must be one of "always", "on-failure", "never", got "nver"; did you mean "never"?',
      'upkeep.config.yaml:7: services.f.dependsOn[0]: expected the name of a service, or an object with `service`, got 5',
    ],
  ],
  [
    'everything at once, in the order of the file',
    { 'upkeep.config.yaml': yamlMany },
    [
      'upkeep.config.yaml:5: services.b.port: port 3000 belongs to the service "a" already',
      'upkeep.config.yaml:7: services.b.dependsOn[0]: there is no service "aa" (did you mean "a"?)',
      'upkeep.config.yaml:9: services.c.comand: unknown key (did you mean "command"?)',
      'upkeep.config.yaml:10: services.c.restart: must be one of "always", "on-failure", "never", got "alwys"; did you mean "always"?',
    ].join('\n'),
  ],
];

describe('mistakes', () => {
  it.each(mistakes)('%s', async (_, files, message) => {
    const error = await userError(() => loadConfig(workspace(files)));
    expect(error.exitCode).toBe(ExitCode.config);
    if (Array.isArray(message)) expect(error.message.split('\n').sort()).toEqual([...message].sort());
    else
      expect(error.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('names the file as seen from the folder where the person is', async () => {
    const root = workspace({ 'upkeep.config.json': '[', 'packages/api/x': '' });
    const error = await userError(() => loadConfig(join(root, 'packages', 'api')));
    expect(error.message).toBe('../../upkeep.config.json:1:2: the file ends where a value should come');
  });

  it('says where it looked when there is none', async () => {
    const root = workspace();
    const error = await userError(() => loadConfig(root));
    expect(error.message).toBe(`No configuration found in ${root} or any folder above it.`);
    expect(error.hint).toBe('Run `upkeep init` to write one.');
  });

  it('does not choose between two', async () => {
    const root = workspace({
      'upkeep.config.json': json,
      'upkeep.config.ts': '',
      'package.json': '{"upkeep":{}}',
    });
    const error = await userError(() => loadConfig(root));
    expect(error.message).toBe(
      `There are 3 configurations in ${root}: upkeep.config.ts, upkeep.config.json, the "upkeep" key in package.json.`,
    );
    expect(error.hint).toBe('Keep one and remove the rest.');
  });
});
