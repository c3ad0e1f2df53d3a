/** Every framework on Node 20, or the oldest newer one that it runs on; the quick ones on the ends of the range too. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { DEV_SERVERS } from '../test/frameworks/dev-servers.ts';
import type { Framework } from '../test/frameworks/framework.ts';
import { QUICK, SERVERS } from '../test/frameworks/servers.ts';
import { tryOut } from '../test/frameworks/trial.ts';
import { testRig } from '../test/rig/rig.ts';
import { nodeBinary } from '../test/smoke/nodes.ts';
import { page, type Result } from './table.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
/** Below the packages, so that they are found from there. */
const WORK = join(HERE, 'work');
const RESULTS = join(HERE, 'results.json');

interface Case {
  readonly framework: Framework;
  readonly node: string;
}

const CASES: Case[] = [
  ...[...SERVERS, ...DEV_SERVERS].map((framework) => ({ framework, node: framework.node ?? '20' })),
  ...['18.19.1', '26'].flatMap((node) => QUICK.map((framework) => ({ framework, node }))),
];

const results: Result[] = [];

it.each(CASES)('$framework.name on Node $node', async ({ framework, node }) => {
  mkdirSync(WORK, { recursive: true });
  const rig = await testRig({ under: WORK });
  const env = { PATH: `${dirname(nodeBinary(node))}:${rig.env['PATH']}` };
  const outcome = await tryOut(rig, framework, env);
  console.log(framework.name, node, JSON.stringify(outcome));
  results.push({
    name: framework.name,
    version: framework.package === null ? null : versionOf(framework.package),
    node: exactVersion(node),
    command: framework.shown ?? framework.command(3000),
    ownReload: framework.ownReload === true,
    ...outcome,
  });
  expect(outcome.unheld).toBe(null);
  // A dev server that reloads itself ends what it is answering, as it likes.
  if (!framework.ownReload) expect(outcome.edits.failed).toBe(0);
  expect(outcome.restart.failed).toBe(0);
  expect(outcome.broken?.failed ?? 0).toBe(0);
  expect(outcome.broken?.goesOn ?? true).toBe(true);
});

function versionOf(name: string): string {
  return JSON.parse(readFileSync(join(HERE, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** A run of a part of them (`-t Vite`) leaves the rows of the others as they were. */
afterAll(() => {
  const keyOf = ({ name, node }: Pick<Result, 'name' | 'node'>) => `${name} on ${node}`;
  const found = new Map([...earlier(), ...results].map((result) => [keyOf(result), result]));
  const inOrder = CASES.flatMap(({ framework, node }) => {
    const result = found.get(keyOf({ name: framework.name, node: exactVersion(node) }));
    return result === undefined ? [] : [result];
  });
  writeFileSync(join(HERE, '../docs/frameworks.md'), page(inOrder));
  writeFileSync(RESULTS, `${JSON.stringify(inOrder, null, 2)}\n`);
});

function earlier(): Result[] {
  return existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : [];
}

function exactVersion(node: string): string {
  return execFileSync(nodeBinary(node), ['--version'], { encoding: 'utf8' }).trim().slice(1);
}
