import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { workspace } from '../../config/workspace.ts';
import { Terminal } from '../../rig/terminal.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const outdir = join(repository, 'node_modules', '.cache', 'upkeep-test', `cli-${process.pid}`);
const cli = join(outdir, 'upkeep.cjs');

beforeAll(async () => {
  await build({
    absWorkingDir: repository,
    entryPoints: [
      { in: 'src/cli/main.ts', out: 'upkeep' },
      { in: 'src/cli/commands/init.ts', out: 'commands/init' },
    ],
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node18',
    format: 'cjs',
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    external: ['jiti'],
    define: { __UPKEEP_VERSION__: '"0"' },
  });
});
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const project = { Procfile: 'web: PORT=3000 node web.js\nworker: node worker.js\n' };

function init(cwd: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'init', ...args], {
    cwd,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const shown = (root: string) => `Found Procfile in ${root}

Create upkeep.config.js (2 services: web, worker)
  const { defineConfig } = require('upkeep');

  module.exports = defineConfig({
    services: {
      web: { command: 'PORT=3000 node web.js', port: 3000 },
      worker: 'node worker.js',
    },
  });

Please note:
  There is no package.json: run the commands as \`npx upkeep …\`.
`;

describe('upkeep init', () => {
  it('shows and writes with --yes', () => {
    const root = workspace(project);
    expect(init(root, '--yes')).toEqual({
      status: 0,
      stdout: `${shown(root)}\nDone. Start everything with: upkeep start\n`,
      stderr: '',
    });
    expect(existsSync(join(root, 'upkeep.config.js'))).toBe(true);
  });

  it.each([
    ['npm run start:daemon', { name: 'x' }],
    ['npm run start:daemon', { scripts: { 'start:daemon': 'upkeep start' } }],
    ['upkeep start', { scripts: { 'start:daemon': 'node mine.js' } }],
  ])('ends with what starts everything: %s, with %j', (start, manifest) => {
    const root = workspace({ ...project, 'package.json': JSON.stringify(manifest) });
    expect(init(root, '--yes').stdout).toMatch(new RegExp(`\n\nDone\\. Start everything with: ${start}\n$`));
  });

  it('tells of what it cannot read or change, and writes nothing', () => {
    const root = workspace({ ...project, 'pnpm-workspace.yaml': 'packages: [', '.gitignore/x': '' });
    expect(init(root, '--yes')).toEqual({
      status: 3,
      stdout: '',
      stderr:
        'upkeep: .gitignore is a folder, so nothing can be added to it.\n  Mend it or move it away, and run this again. Nothing was written.\n',
    });
    expect(init(root, '--yes', '--from', 'workspaces')).toMatchObject({
      status: 3,
      stdout: '',
      stderr: expect.stringMatching(/^upkeep: pnpm-workspace\.yaml:1:12: .*\n$/) as string,
    });
    expect(existsSync(join(root, 'upkeep.config.js'))).toBe(false);
  });

  it('only shows with --dry-run', () => {
    const root = workspace(project);
    expect(init(root, '--dry-run')).toEqual({ status: 0, stdout: shown(root), stderr: '' });
    expect(existsSync(join(root, 'upkeep.config.js'))).toBe(false);
  });

  it('writes nothing when there is nobody to ask', () => {
    const root = workspace(project);
    expect(init(root)).toMatchObject({
      status: 2,
      stderr:
        'upkeep: Nothing was written: there is nobody to ask.\n  Add --yes to write, or --dry-run to look.\n',
    });
    expect(existsSync(join(root, 'upkeep.config.js'))).toBe(false);
  });

  it('tells programs in JSON', () => {
    const root = workspace(project);
    const { stdout, status } = init(root, '--json', '--yes');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      workspace: root,
      kind: 'procfile',
      services: { worker: { command: 'node worker.js' } },
      changes: [{ file: 'upkeep.config.js', action: 'create' }],
      written: true,
    });
    expect(JSON.parse(init(root, '--json', '--dry-run', '--force').stdout)).toMatchObject({
      changes: [{ file: 'upkeep.config.js', action: 'replace' }],
      setAside: [{ from: 'upkeep.config.js', to: 'upkeep.config.js.old' }],
      written: false,
    });
  });

  it('knows its sources', () => {
    const root = workspace(project);
    expect(init(root, '--from', 'procfil')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'upkeep: --from cannot be "procfil".\n  Did you mean "procfile"?\n',
    });
    expect(init(root, '--from', 'servers').status).toBe(3);
  });

  it.each([
    ['y', 0, true],
    ['Yes', 0, true],
    ['', 1, false],
    ['n', 1, false],
    ['maybe', 1, false],
  ])('asks on a terminal: %j', async (answer, code, written) => {
    const root = workspace(project);
    const terminal = new Terminal(root, process.env);
    onTestFinished(() => terminal.close());
    terminal.type(`'${process.execPath}' '${cli}' init; printf 'code:%s\\n' "$?"`);
    await expect.poll(() => terminal.output, { timeout: 10_000 }).toContain('Write this? [y/N]');
    terminal.type(answer);
    await expect.poll(() => terminal.output, { timeout: 10_000 }).toMatch(/code:\d/);
    expect(terminal.output).toMatch(new RegExp(`code:${code}`));
    expect(existsSync(join(root, 'upkeep.config.js'))).toBe(written);
    if (written) expect(readFileSync(join(root, 'upkeep.config.js'), 'utf8')).toContain('defineConfig');
    else expect(terminal.output).toContain('Nothing was written.');
  });
});
