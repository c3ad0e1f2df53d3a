import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProject, importProject } from '../../../src/config/import/detect.ts';
import { userError, workspace } from '../workspace.ts';

const BROKEN = 'packages: [';
const WHERE = 'pnpm-workspace.yaml:1:12: ';
const pkg = (fields: object) => JSON.stringify(fields);

describe('a file that cannot be read', () => {
  it.each([
    ['less telling', { Procfile: 'web: x', 'pnpm-workspace.yaml': BROKEN }, 'procfile'],
    [
      'more telling',
      { 'compose.yml': 'services: { a: { build: ., command: x } }', 'pnpm-workspace.yaml': BROKEN },
      'compose',
    ],
  ])('is a note of what is found besides, when it is %s', async (_, files, kind) => {
    const [first, ...others] = await importProject(workspace(files), null);
    expect(first?.kind).toBe(kind);
    expect(first?.notes).toEqual([expect.stringContaining(`Nothing was taken from ${WHERE}`)]);
    expect(others).toEqual([]);
  });

  it('is told when there is nothing else', async () => {
    const root = workspace({ 'pnpm-workspace.yaml': BROKEN, 'compose.yml': 'services: {}' });
    const error = await userError(() => importProject(root, null));
    expect(error.message).toContain(WHERE);
    expect(error.exitCode).toBe(3);
  });

  it('is not looked at when another kind is asked for', async () => {
    const root = workspace({ Procfile: 'web: x', 'pnpm-workspace.yaml': BROKEN, 'ecosystem.json': '{' });
    expect(await findProject(root, 'procfile')).toBe(root);
    expect(await importProject(root, 'procfile')).toMatchObject([{ kind: 'procfile', notes: [] }]);
    expect((await userError(() => findProject(root, 'pm2'))).message).toContain('ecosystem.json:1:2: ');
  });

  it('may be one that the system does not give out', async () => {
    const root = workspace();
    symlinkSync('/proc/self/mem', join(root, 'Procfile'));
    const error = await userError(() => importProject(root, null));
    expect(error.message).toMatch(/^Procfile: cannot be read: EIO/);
  });

  it('is left out when it is one of many packages', async () => {
    const root = workspace({
      'package.json': pkg({ workspaces: ['packages/*'] }),
      'packages/api/package.json': pkg({ name: 'api', scripts: { dev: 'next dev' } }),
      'packages/web/package.json': '{,}',
    });
    const [draft] = await importProject(root, null);
    expect(Object.keys(draft?.services ?? {})).toEqual(['api']);
    expect(draft?.skipped).toEqual([
      {
        name: 'packages/web',
        reason: 'packages/web/package.json:1:2: expected a key in double quotes, found ","',
      },
    ]);
  });
});

describe('the project', () => {
  const root = () =>
    workspace({
      '.git/HEAD': '',
      'package.json': pkg({ workspaces: ['packages/*'] }),
      'compose.yml': 'services: { a: { build: ., command: x } }',
      'packages/api/package.json': pkg({ name: 'api', scripts: { dev: 'x' } }),
    });

  it.each([
    [null, ''],
    ['workspaces' as const, ''],
    ['compose' as const, ''],
    ['package' as const, 'packages/api'],
    ['pm2' as const, 'packages/api'],
  ])('of a package is, for --from %s, the folder %j', async (kind, folder) => {
    const above = root();
    expect(await findProject(join(above, 'packages/api'), kind)).toBe(join(above, folder));
  });
});
