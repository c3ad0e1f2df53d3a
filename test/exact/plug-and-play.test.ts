/**
 * Under Yarn's Plug'n'Play, which resolves and reads modules itself: edits are followed exactly, and packages resolve as
 * they do without the hook. By default on the Node that runs the tests; UPKEEP_TEST_NODES=all: on all of them.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NODE, type Rig, testRig } from '../rig/rig.ts';
import { NODES, nodeBinary } from '../smoke/nodes.ts';
import { hasProgram, pathWith, programPath } from './programs.ts';
import { ask } from './server.ts';

const PRELOADS = {
  cjs: ['--require', './.pnp.cjs'],
  mjs: ['--require', './.pnp.cjs', '--experimental-loader', './.pnp.loader.mjs'],
};

const FILES = {
  'package.json': JSON.stringify({ name: 'app', workspaces: ['dep'], dependencies: { dep: 'workspace:*' } }),
  '.yarnrc.yml': 'enableTelemetry: false\nenableNetwork: false\npnpEnableEsmLoader: true\n',
  'yarn.lock': '',
  'dep/package.json': JSON.stringify({
    name: 'dep',
    exports: { 'module-sync': './hooked.cjs', default: './plain.cjs' },
  }),
  'dep/hooked.cjs': "module.exports = 'hooked';\n",
  'dep/plain.cjs': "module.exports = 'plain';\n",
  'lib/far.cjs': '// far\n',
  'lib/far.mjs': '// far\n',
  // By its `import` it may have ES modules, and these are waited for.
  'near.cjs': "require('./lib/far.cjs');\nexports.later = () => import('./lib/far.mjs');\n",
  'near.mjs': "import './lib/far.mjs';\n",
};

const serve = (dep: string, port: number) =>
  `http.createServer((_, response) => response.end(process.pid + ' ' + ${dep})).listen(${port}, '127.0.0.1');\n`;

const OWN = 'of the tests';
const versions = process.env['UPKEEP_TEST_NODES'] === 'all' ? NODES : [OWN];

describe.skipIf(!hasProgram('yarn')).each(versions)('on Node %s', (version) => {
  const node = version === OWN ? NODE : nodeBinary(version);

  it.skipIf(!existsSync(node))('what require and import load', { timeout: 60_000 }, async () => {
    const rig = await testRig();
    for (const [file, text] of Object.entries(FILES)) rig.write(file, text);
    const env = { ...rig.env, PATH: pathWith(NODE) };
    execFileSync(NODE, [programPath('yarn'), 'install'], { cwd: rig.workspace, env, stdio: 'pipe' });
    const ports = { cjs: await rig.port(), mjs: await rig.port() };
    const http = { cjs: "const http = require('node:http');", mjs: "import * as http from 'node:http';" };
    rig.write('server.cjs', `${http.cjs}\nrequire('./near.cjs');\n${serve("require('dep')", ports.cjs)}`);
    rig.write('server.mjs', `${http.mjs}\nimport './near.mjs';\n${serve("'as it likes'", ports.mjs)}`);
    rig.configure(
      Object.fromEntries(
        (['cjs', 'mjs'] as const).map((kind) => [
          kind,
          {
            port: ports[kind],
            command: ['node', ...PRELOADS[kind], `server.${kind}`],
            env: { PATH: pathWith(node) },
          },
        ]),
      ),
    );
    await rig.ok('start');
    expect(await ask(ports.cjs)).toMatch(/ plain$/);
    const edits = { cjs: ['lib/far.cjs', 'server.cjs'], mjs: ['lib/far.mjs', 'server.mjs'] };
    for (const [index] of edits.cjs.entries()) {
      for (const files of Object.values(edits))
        appendFileSync(rig.path(files[index] as string), '// edited\n');
      for (const [name, files] of Object.entries(edits)) await restarted(rig, name, index + 2, files[index]);
    }
    expect(await ask(ports.cjs)).toMatch(/ plain$/);
  });
});

async function restarted(rig: Rig, name: string, run: number, file: string | undefined): Promise<void> {
  const service = await rig.eventually(async () => {
    const { services } = await rig.status();
    return services.find((one) => one.name === name && one.run === run && one.state === 'ready') ?? false;
  }, `run ${run} of ${name} is ready`);
  expect(service).toMatchObject({ cause: { kind: 'edit', files: [file] } });
}
