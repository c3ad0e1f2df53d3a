/** Workspaces with run folders written by hand, and the command on them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import type { Watching } from '../../../src/contract/facts.ts';
import { systemProcesses } from '../../../src/platform/proc.ts';
import { workspace } from '../../config/workspace.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const outdir = join(repository, 'node_modules', '.cache', 'upkeep-test', `graph-${process.pid}`);

/** To be called once in a test file that runs the command. */
export function bundleGraph(): void {
  beforeAll(async () => {
    await build({
      absWorkingDir: repository,
      entryPoints: [
        { in: 'src/cli/main.ts', out: 'upkeep' },
        { in: 'src/cli/commands/graph.ts', out: 'commands/graph' },
        { in: 'src/cli/commands/why.ts', out: 'commands/why' },
        { in: 'src/config/index.ts', out: 'config-loader' },
      ],
      outdir,
      outExtension: { '.js': '.cjs' },
      bundle: true,
      platform: 'node',
      target: 'node18',
      format: 'cjs',
      external: ['jiti'],
      define: { __UPKEEP_VERSION__: '"0"' },
    });
  });
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));
}

export function graph(cwd: string, ...args: string[]) {
  return command('graph', cwd, args);
}

export function why(cwd: string, ...args: string[]) {
  return command('why', cwd, args);
}

function command(name: string, cwd: string, args: string[]) {
  const env = { ...process.env, NO_COLOR: '1' };
  const cli = join(outdir, 'upkeep.cjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, name, ...args], {
    cwd,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

export interface Fixture {
  /** Relative paths; `[to, from]` are loads, `from` null for an entry. Null: a run without a report. */
  loads: [to: string, from: string | null][] | null;
  /** Further lines of the report. */
  lines?: unknown[][];
  node?: string | null;
  alive?: boolean;
  wanted?: boolean;
  /** As the daemon says it. */
  watching?: Watching;
  spec?: Record<string, unknown>;
}

/** A workspace in which each service has its run 1, without a word, and its run 2, as told here. */
export function ran(services: Record<string, Fixture>, files: Record<string, string> = {}): string {
  const specs = Object.entries(services).map(([name, { spec }]) => ({ name, ...spec }));
  const configured = Object.fromEntries(specs.map(({ name }) => [name, { command: 'node x.js' }]));
  const root = workspace({ 'upkeep.config.json': JSON.stringify({ services: configured }), ...files });
  write(
    root,
    '.upkeep/config.json',
    JSON.stringify({ logDir: join(root, 'logs'), services: specs.map(resolved(root)) }),
  );
  for (const [name, fixture] of Object.entries(services)) {
    write(root, `.upkeep/runs/${name}/1/loaded`, '');
    write(root, `.upkeep/runs/${name}/2/run.json`, '{}');
    if (fixture.loads !== null) write(root, `.upkeep/runs/${name}/2/loaded`, report(root, fixture));
  }
  write(root, '.upkeep/snapshot.json', JSON.stringify(snapshot(services)));
  return root;
}

function report(root: string, { loads, lines = [], node = '24.0.0' }: Fixture): string {
  const path = (name: string) => join(root, name);
  const hello = node === null ? [] : [['hello', 1, 1, 'node', node]];
  const told = (loads ?? []).map(([to, from], at) => [
    'load',
    at + 2,
    path(to),
    from === null ? null : path(from),
  ]);
  const rest = lines.map((line) =>
    line.map((each) => (typeof each === 'string' ? each.replace('ROOT', root) : each)),
  );
  return [...hello, ...told, ...rest].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function resolved(root: string) {
  return (spec: Record<string, unknown>) => ({
    groups: [],
    command: { argv: ['node', 'server.js'] },
    cwd: root,
    env: {},
    envFiles: [],
    watch: { enabled: true, include: [], ignore: [], quiet: 100, packages: false },
    ...spec,
  });
}

function snapshot(services: Record<string, Fixture>) {
  const processes = systemProcesses();
  const self = { pid: process.pid, start: processes.get(process.pid)?.start ?? 0 };
  return {
    version: 1,
    boot: processes.bootId(),
    daemon: { process: { pid: 1, start: 1 }, version: '0', startedAt: '' },
    written: { now: 1, wall: 1 },
    notes: [],
    services: Object.entries(services).map(([name, { alive = true, wanted = true, watching }]) => ({
      name,
      groups: [],
      ports: [],
      url: null,
      wanted,
      state: alive
        ? { kind: 'ready', run: 2, cause: { kind: 'boot' }, since: 1, readyAt: 2 }
        : { kind: 'stopped' },
      lastRun: 2,
      process: alive ? self : null,
      shim: null,
      startedAt: 1,
      listening: null,
      waitingFor: [],
      ...(watching !== undefined && { watching }),
      notes: [],
      failures: [],
    })),
  };
}

function write(root: string, name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}
