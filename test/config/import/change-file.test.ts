import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyPlan, planInit } from '../../../src/config/import/plan.ts';
import { userError, workspace } from '../workspace.ts';

const any = { from: null, force: false };
const HINT = 'Mend it or move it away, and run this again. Nothing was written.';

describe.each(['.gitignore', 'package.json'])('%s', (name) => {
  it.each([
    ['a folder', (path: string) => mkdirSync(path), 'is a folder'],
    [
      'a dangling link',
      (path: string) => symlinkSync('gone', path),
      'is a link to gone, which does not exist',
    ],
    ['a device', (path: string) => symlinkSync('/dev/null', path), 'is not a file'],
  ])('that is %s is told of before anything is written', async (_, make, why) => {
    const root = workspace({ Procfile: 'web: x' });
    make(join(root, name));
    const error = await userError(() => planInit(root, any));
    expect(error.message).toBe(`${name} ${why}, so nothing can be added to it.`);
    expect(error.hint).toBe(HINT);
    expect(error.exitCode).toBe(3);
    expect(readdirSync(root).sort()).toEqual(['Procfile', name].sort());
  });

  it('that is a link stays one', async () => {
    const root = workspace({ Procfile: 'web: x', 'elsewhere/file': '{}\n' });
    symlinkSync('elsewhere/file', join(root, name));
    applyPlan(await planInit(root, any));
    expect(readFileSync(join(root, 'elsewhere/file'), 'utf8')).toContain('upkeep');
    writeFileSync(join(root, name), 'by the link');
    expect(readFileSync(join(root, 'elsewhere/file'), 'utf8')).toBe('by the link');
  });
});
