import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkGit } from '../../../src/cli/doctor/git.ts';
import { checkRuntimeFolder, checkWorkspace } from '../../../src/cli/doctor/places.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep-places-')));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

describe('the runtime folder', () => {
  const check = (folder: string) => {
    vi.stubEnv('UPKEEP_RUNTIME_DIR', folder);
    return checkRuntimeFolder(root);
  };

  it('is private, or can be made', () => {
    const folder = join(root, 'run');
    expect(check(folder).level).toBe('ok');
    mkdirSync(folder, { mode: 0o700 });
    expect(check(folder).level).toBe('ok');
  });

  it('must not be open to others, a link, or too long a path', () => {
    const folder = join(root, 'run');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    expect(check(folder)).toMatchObject({ level: 'bad', mend: `chmod 700 ${folder}` });
    symlinkSync(folder, join(root, 'link'));
    expect(check(join(root, 'link')).level).toBe('bad');
    expect(check(join(root, 'x'.repeat(90))).text).toContain('bytes');
  });
});

describe('the workspace', () => {
  it('is looked at without leaving a trace', () => {
    expect(checkWorkspace(root).filter(({ level }) => level === 'bad')).toEqual([]);
    mkdirSync(join(root, '.upkeep'), { mode: 0o700 });
    checkWorkspace(root);
    expect(readdirSync(root)).toEqual(['.upkeep']);
    expect(readdirSync(join(root, '.upkeep'))).toEqual([]);
  });
});

describe('git', () => {
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'ignore' });
  const check = () => checkGit(root, join(root, '.server-logs'));

  it('is no concern outside of a repository', () => {
    vi.stubEnv('GIT_CEILING_DIRECTORIES', tmpdir());
    expect(check()).toEqual([]);
  });

  it('should ignore what Upkeep writes; the mend does it', () => {
    git('init', '-q');
    const [finding] = check();
    expect(finding).toMatchObject({
      level: 'warn',
      text: expect.stringContaining('.upkeep/, .server-logs/'),
    });
    execFileSync('sh', ['-c', finding?.mend ?? ''], { cwd: root });
    expect(check()).toMatchObject([{ level: 'ok' }]);
    writeFileSync(join(root, '.gitignore'), '.*\n');
    expect(check()).toMatchObject([{ level: 'ok' }]);
  });
});
