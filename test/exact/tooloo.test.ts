/** The specification's eleven servers: each file of engine/ restarts those that the example's README says, and no others. */
import { appendFileSync, cpSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import type { Config } from '../../src/config/types.ts';
import { type Rig, testRig } from '../rig/rig.ts';

const ROOT = join(__dirname, '../..');
const TOOLOO = join(ROOT, 'examples/tooloo');

/** A pooled connection may be closed by the run that it leads to in the very moment in which it is used again. */
const NO_KEEP_ALIVE = { connection: 'close' };

/** What loads a file only with its first request for it (marked with * in the README). */
const FIRST_REQUESTS = [
  ['coach-server', '/api/hints/agents'],
  ['reports-server', '/api/summary'],
] as const;

it('an edit of an engine file restarts exactly the servers that loaded it', {
  timeout: 240_000,
}, async () => {
  const rig = await testRig();
  const ports = await copyTooloo(rig);
  await rig.ok('start');
  const names = Object.keys(ports);
  const rows = readmeTable(names);
  expect(rows.length).toBeGreaterThan(14);
  for (const { file, services } of rows) {
    for (const [name, path] of FIRST_REQUESTS)
      await (await fetch(`http://localhost:${ports[name]}${path}`, { headers: NO_KEEP_ALIVE })).text();
    const before = await runs(rig);
    appendFileSync(rig.path('engine', file), file.endsWith('.json') ? '\n' : '// edited\n');
    const after = await rig.eventually(
      async () => {
        const now = await runs(rig);
        return services.every((name) => now.get(name) !== before.get(name)) ? now : null;
      },
      `restarts of ${services.join(', ')} by ${file}`,
    );
    const restarted = names.filter((name) => after.get(name) !== before.get(name));
    expect(restarted.sort(), file).toEqual([...services].sort());
    await rig.ok('start');
  }
  // A restart too many that came late would be among these.
  const expected = new Map(names.map((name) => [name, 1]));
  for (const { services } of rows)
    for (const name of services) expected.set(name, (expected.get(name) ?? 0) + 1);
  expect(Object.fromEntries(await runs(rig))).toEqual(Object.fromEntries(expected));
});

/** The run of each service; only of those that are ready, so that a change means a new run that answers. */
async function runs(rig: Rig): Promise<Map<string, number>> {
  const { services } = await rig.status();
  return new Map(services.map(({ name, run }) => [name, run ?? 0]));
}

/** The example as it is, on other ports. */
async function copyTooloo(rig: Rig): Promise<Record<string, number>> {
  cpSync(TOOLOO, rig.workspace, {
    recursive: true,
    filter: (path) => !/^(?:node_modules|upkeep\.config\.js|\..*)$/.test(basename(path)),
  });
  symlinkSync(join(ROOT, 'node_modules'), rig.path('node_modules'));
  const own: { default: Config } = await import(join(TOOLOO, 'upkeep.config.js'));
  const ports: Record<string, number> = {};
  const services: Record<string, unknown> = {};
  for (const [name, service] of Object.entries(own.default.services)) {
    ports[name] = await rig.port();
    services[name] = { ...(service as object), port: ports[name] };
  }
  rig.write('upkeep.config.json', JSON.stringify({ ...own.default, services }));
  return ports;
}

/** The rows of "Which engine file concerns which servers": files and the servers that load them. */
function readmeTable(names: string[]): { file: string; services: string[] }[] {
  const text = readFileSync(join(TOOLOO, 'README.md'), 'utf8');
  const table = text.slice(text.indexOf('## Which engine file'));
  return [...table.matchAll(/^\| `(.+?)` +\| (.+?) +\|/gm)].flatMap(([, files = '', who = '']) =>
    files.split('`, `').map((file) => ({ file, services: servicesOf(who, names) })),
  );
}

function servicesOf(who: string, names: string[]): string[] {
  const listed = (text: string) => text.split(', ').map((name) => name.replace('*', ''));
  if (who === 'all') return names;
  if (!who.startsWith('all but ')) return listed(who);
  const without = listed(who.slice('all but '.length));
  return names.filter((name) => !without.includes(name));
}
