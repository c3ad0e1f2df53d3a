/**
 * However a server is started, on every Node: an edit two imports deep restarts it, and status says that this is known
 * exactly. By default on the Node that runs the tests; UPKEEP_TEST_NODES=all: on all of them.
 */
import { appendFileSync, existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { StatusReport } from '../../src/contract/status.ts';
import { NODE, testRig } from '../rig/rig.ts';
import { NODES, nodeBinary } from '../smoke/nodes.ts';
import { hasProgram, lendPrograms, type Program, pathWith } from './programs.ts';
import { ask } from './server.ts';

type Source = 'js' | 'mjs' | 'ts';

interface Way {
  readonly command: readonly string[];
  readonly source: Source;
  readonly needs?: Program;
}

const BIN = 'node_modules/.bin';

/** SERVER stands for the entry. */
const WAYS: Record<string, Way> = {
  node: { command: ['node', 'SERVER'], source: 'js' },
  'node-esm': { command: ['node', 'SERVER'], source: 'mjs' },
  tsx: { command: [`${BIN}/tsx`, 'SERVER'], source: 'ts', needs: 'tsx' },
  'tsx-uncached': { command: [`${BIN}/tsx`, '--no-cache', 'SERVER'], source: 'ts', needs: 'tsx' },
  'import-tsx': { command: ['node', '--import', 'tsx', 'SERVER'], source: 'ts', needs: 'tsx' },
  'npm-run': { command: ['npm', 'run', 'dev', '--', 'SERVER'], source: 'js' },
  'npm-run-esm': { command: ['npm', 'run', 'dev', '--', 'SERVER'], source: 'mjs' },
  npx: { command: ['npx', 'tsx', 'SERVER'], source: 'ts', needs: 'tsx' },
  pnpm: { command: [`${BIN}/pnpm`, 'run', 'dev', 'SERVER'], source: 'js', needs: 'pnpm' },
  sh: { command: ['sh', '-c', 'cd . && node SERVER; exit $?'], source: 'mjs' },
  'ts-node': { command: [`${BIN}/ts-node`, '-T', 'SERVER'], source: 'ts', needs: 'ts-node' },
  concurrently: {
    command: [`${BIN}/concurrently`, '--raw', '-k', 'node SERVER', 'node beside.js'],
    source: 'mjs',
    needs: 'concurrently',
  },
};

const LOAD: Record<Source, (path: string) => string> = {
  js: (path) => `require('${path}.js');\n`,
  mjs: (path) => `import '${path}.mjs';\n`,
  ts: (path) => `import '${path}';\nconst typed: number = 1;\nvoid typed;\n`,
};

const serve = (source: Source, port: number) =>
  `${source === 'js' ? "const http = require('node:http');" : "import * as http from 'node:http';"}\n` +
  `http.createServer((_, response) => response.end(String(process.pid))).listen(${port}, '127.0.0.1');\n`;

const OWN = 'of the tests';
const versions = process.env['UPKEEP_TEST_NODES'] === 'all' ? NODES : [OWN];

describe.each(versions)('on Node %s', (version) => {
  const node = version === OWN ? NODE : nodeBinary(version);
  const ways = Object.entries(WAYS).filter(([, { needs }]) => needs === undefined || hasProgram(needs));
  for (const [name, { needs }] of Object.entries(WAYS)) {
    if (needs !== undefined && !hasProgram(needs)) it.skip(`${name}: ${needs} could not be fetched`);
  }

  it.skipIf(!existsSync(node))(ways.map(([name]) => name).join(', '), { timeout: 180_000 }, async () => {
    const rig = await testRig();
    lendPrograms(rig.workspace, ['tsx', 'ts-node', 'typescript', 'concurrently', 'pnpm'].filter(hasIt));
    rig.write('package.json', JSON.stringify({ scripts: { dev: 'node' } }));
    rig.write('tsconfig.json', JSON.stringify({ compilerOptions: { module: 'commonjs', types: [] } }));
    rig.write('beside.js', 'setInterval(() => {}, 1e6);\n');
    for (const source of ['js', 'mjs', 'ts'] as const) {
      rig.write(`${source}/near.${source}`, LOAD[source]('./far'));
      rig.write(`${source}/far.${source}`, source === 'ts' ? 'export const far: number = 1;\n' : '// far\n');
    }
    const services: Record<string, { port: number; command: string[]; env: Record<string, string> }> = {};
    for (const [name, { command, source }] of ways) {
      const port = await rig.port();
      const entry = `servers/${name}.${source}`;
      rig.write(entry, LOAD[source](`../${source}/near`) + serve(source, port));
      const words = command.map((word) => word.replace('SERVER', entry));
      services[name] = { port, command: words, env: { PATH: pathWith(node) } };
    }
    rig.configure(services);
    await rig.ok('start');
    const before = await pids(services);
    expect(await outcome(rig.status(), 1)).toEqual(Object.fromEntries(ways.map(([name]) => [name, 'exact'])));

    for (const source of ['js', 'mjs', 'ts'])
      appendFileSync(rig.path(`${source}/far.${source}`), '// edited\n');

    await rig.eventually(async () => {
      const after = await pids(services);
      return Object.keys(services).every((name) => after[name] !== null && after[name] !== before[name]);
    }, 'another process of each');
    const status = (await rig.eventually(async () => {
      const report = await rig.status();
      const isKnown = report.services.every(
        ({ state, watching }) => state === 'ready' && watching.kind !== 'not-yet',
      );
      return isKnown && report;
    }, 'all are ready, and have told what they loaded')) as StatusReport;
    expect(await outcome(status, 2)).toEqual(Object.fromEntries(ways.map(([name]) => [name, 'exact'])));
    for (const [name, { source }] of ways) {
      const cause = status.services.find((one) => one.name === name)?.cause;
      expect({ name, cause }).toMatchObject({
        name,
        cause: { kind: 'edit', files: [`${source}/far.${source}`] },
      });
      const via = cause?.kind === 'edit' ? cause.via : undefined;
      // What a package asked for, such as tsx itself, has its name before.
      expect({ name, via: via?.slice(-3) }).toEqual({
        name,
        via: [`servers/${name}.${source}`, `${source}/near.${source}`, `${source}/far.${source}`],
      });
    }
  });
});

const hasIt = (name: string) => name === 'typescript' || hasProgram(name as Program);

async function pids(services: Record<string, { port: number }>): Promise<Record<string, string | null>> {
  const entries = Object.entries(services).map(async ([name, { port }]) => [name, await ask(port)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** How each service is followed; in words where its run is another one. */
async function outcome(
  status: StatusReport | Promise<StatusReport>,
  run: number,
): Promise<Record<string, string>> {
  const { services } = await status;
  return Object.fromEntries(
    services.map((one) => {
      const { watching } = one;
      const how = watching.kind === 'not-exact' ? `not exact: ${watching.reason}` : watching.kind;
      return [one.name, one.run === run ? how : `run ${one.run}, ${how}`];
    }),
  );
}
