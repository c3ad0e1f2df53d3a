/** The packed package in somebody else's project, with nothing beside it but the dependencies that it names. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { begin } from '../rig/command.ts';
import { NODE, type Rig, testRig } from '../rig/rig.ts';

const ROOT = join(__dirname, '../..');
const run = promisify(execFile);

/** Unpacks it as npm would: no script is run, no registry is asked. */
async function installPacked(rig: Rig): Promise<void> {
  const modules = rig.path('node_modules');
  const target = join(modules, 'upkeep');
  mkdirSync(target, { recursive: true });
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', rig.runtimeDir], {
    cwd: ROOT,
    env: { ...process.env, npm_config_update_notifier: 'false' },
  });
  const tarball = readdirSync(rig.runtimeDir).find((file) => file.endsWith('.tgz')) ?? '';
  await run('tar', ['-xzf', join(rig.runtimeDir, tarball), '-C', target, '--strip-components=1']);
  const { bin, dependencies } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
  mkdirSync(join(modules, '.bin'));
  symlinkSync(join('../upkeep', bin.upkeep), join(modules, '.bin/upkeep'));
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
}

const SERVER = `import { createServer } from 'node:http';
import { word } from './word.mjs';
createServer((_, response) => response.end(word)).listen(Number(process.env.PORT));
console.log('it says ' + word);
`;

const COMMON = `const { createClient, connect, defineConfig, UserError } = require('upkeep');
let error;
try { createClient('/'); } catch (thrown) { error = thrown; }
console.log(JSON.stringify({
  functions: [createClient, connect, defineConfig, UserError].map((each) => typeof each),
  known: error instanceof UserError,
  code: error.exitCode,
  openapi: require('upkeep/openapi.json').openapi,
  schema: typeof require('upkeep/schema.json').properties.services,
  version: require('upkeep/package.json').version,
}));
`;

const MODULE = `import { writeFileSync } from 'node:fs';
import { connect, createClient } from 'upkeep';
import { connectHttp, HttpError } from 'upkeep/http';

const client = createClient();
const details = [];
const started = await client.start(['web'], { onProgress: (each) => details.push(each.service) });
const status = await client.status();

const upkeep = connect(undefined, 'a program');
const enough = new AbortController();
const seen = [];
const following = (async () => {
  for await (const { events } of upkeep.events({ kinds: ['journal'] }, enough.signal)) {
    seen.push(...events.filter(({ type }) => type === 'journal').map(({ entry }) => entry.kind));
    if (seen.includes('run-started')) return;
  }
})();
writeFileSync('word.mjs', "export const word = 'second';\\n");
const waited = await upkeep.wait({ files: ['word.mjs'] });
const restarted = await upkeep.restart(['web'], { hard: true });
await following;
enough.abort();
const unknown = await client.start(['wbe']).catch((error) => [error.name, error.exitCode, error.hint]);
const answer = {
  workspace: client.workspace,
  started,
  told: details.length > 0,
  status: status.services,
  waited: waited.outcome,
  restarted,
  seen,
  unknown,
  runs: upkeep.runs('web').runs.map(({ cause }) => cause),
  lines: upkeep.logs({ services: ['web'] }).lines.map(({ text }) => text),
  found: (await upkeep.searchLogs({ grep: 'says sec.nd' })).lines.length,
  journal: upkeep.journal().entries.length > 0,
  loads: upkeep.loads().services.map(({ service }) => service),
  files: (await upkeep.serviceLoads('web')).files.map(({ file }) => file).sort(),
  concerns: (await upkeep.concerns('word.mjs')).services.map(({ service }) => service),
  config: (await upkeep.config()).services.map(({ name }) => name),
  usage: upkeep.usage('web').service,
  refused: await connectHttp({ address: 'http://127.0.0.1:1' }).status().catch((error) => error instanceof HttpError && error.status),
  stopped: await upkeep.stop(),
};
console.log(JSON.stringify(answer));
`;

const TYPED = `import { type Config, type Connection, connect, createClient, defineConfig, type StatusReport } from 'upkeep';
import { connectHttp } from 'upkeep/http';
export const config: Config = defineConfig({ services: { web: { command: 'node web.mjs', port: 1 } } });
// @ts-expect-error a port is a number
defineConfig({ services: { web: { command: 'x', port: 'three' } } });
export const connection: Connection = connect();
export const names = async (): Promise<string[]> => {
  const report: StatusReport = await createClient().status();
  for await (const { events } of connection.events({ kinds: ['logs'] }))
    for (const event of events) if (event.type === 'logs') console.log(event.lines[0]?.text);
  await connectHttp({ address: 'http://127.0.0.1' }).runs('web', { limit: 1 });
  return report.services.map(({ name, state }) => name + state);
};
`;

it('require, import, types, and the client against a real daemon', { timeout: 120_000 }, async () => {
  const rig = await testRig();
  await installPacked(rig);
  const port = await rig.port();
  rig.write('package.json', '{"private":true}');
  rig.write('web.mjs', SERVER);
  rig.write('word.mjs', "export const word = 'first';\n");
  rig.write(
    'upkeep.config.mjs',
    `import { defineConfig } from 'upkeep';\nexport default defineConfig({ services: { web: { command: 'node web.mjs', port: ${port} } } });\n`,
  );
  const node = async (file: string, text: string) => {
    rig.write(file, text);
    const options = { cwd: rig.workspace, env: rig.env, timeout: 60_000 };
    const result = await begin([NODE, file], options).done;
    expect(result.code, result.stdout + result.stderr).toBe(0);
    return result.json<Record<string, unknown>>();
  };

  const version = begin([rig.path('node_modules/.bin/upkeep'), '--version'], {
    cwd: rig.workspace,
    env: rig.env,
    timeout: 60_000,
  });
  expect(await version.done).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\./), stderr: '' });

  expect(await node('common.cjs', COMMON)).toMatchObject({
    functions: ['function', 'function', 'function', 'function'],
    ...{ known: true, code: 3, openapi: '3.1.0', schema: 'object', version: expect.any(String) },
  });

  expect(await node('module.mjs', MODULE)).toMatchObject({
    workspace: rig.workspace,
    started: [{ service: 'web', ok: true, state: 'ready' }],
    told: true,
    status: [{ name: 'web', ready: true, ports: [port], cause: { kind: 'start', by: 'api' } }],
    waited: 'ready',
    restarted: [{ service: 'web', ok: true }],
    seen: expect.arrayContaining(['run-started']),
    unknown: ['UserError', 2, expect.stringContaining('web')],
    runs: [{ kind: 'restart', by: 'a program' }, { kind: 'edit', files: ['word.mjs'] }, { kind: 'start' }],
    lines: ['it says first', 'it says second', 'it says second'],
    ...{ found: 2, journal: true, loads: ['web'], files: ['web.mjs', 'word.mjs'], concerns: ['web'] },
    ...{ config: ['web'], usage: 'web', refused: 0 },
    stopped: [{ service: 'web', ok: true, state: 'stopped' }],
  });

  writeFileSync(rig.path('typed.mts'), TYPED);
  const tsc = [join(ROOT, 'node_modules/.bin/tsc'), '--noEmit', '--strict', '--module', 'nodenext'];
  const types = await begin([...tsc, '--target', 'es2022', '--types', '', 'typed.mts'], {
    cwd: rig.workspace,
    env: rig.env,
    timeout: 60_000,
  }).done;
  expect(types.stdout + types.stderr).toBe('');
  expect(types.code).toBe(0);
});
