/** What runs depend on is there at each launch, whole, whatever became of it; and goes when nobody needs it. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { kitsFolder, openKit, removeOldKits } from '../../src/daemon/kit.ts';
import { workspacePaths } from '../../src/platform/paths.ts';
import { linuxProcesses } from '../../src/platform/proc-linux.ts';
import { eventually } from '../rig/eventually.ts';

const HASH = '0123456789abcdef';
const texts = {
  'hook.cjs': '// hook\n',
  'shim.sh': '# shim – sh\n',
  'python/sitecustomize.py': '# site\n',
  'python/_upkeep_report.py': '# report\n',
  'ruby/upkeep_report.rb': '# ruby\n',
};

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function as(user: number): void {
  vi.spyOn(process as { getuid(): number }, 'getuid').mockReturnValue(user);
}

function room(): string {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-kit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function hooksIn(folder: string) {
  const at = (name: string) => join(folder, HASH, name);
  return {
    node: at('hook.cjs'),
    languages: { python: at('python'), ruby: at('ruby/upkeep_report.rb') },
  };
}

it('puts everything there, and back when it was removed, cut off or changed', () => {
  const kits = join(room(), 'kit');
  const kit = openKit(kits, { hash: HASH, texts });
  const isWhole = () =>
    Object.entries(texts).every(([name, text]) => readFileSync(join(kits, HASH, name), 'utf8') === text);
  expect(kit.putBack()).toEqual(hooksIn(kits));
  expect(isWhole()).toBe(true);
  expect(kit.shimScript).toBe(join(kits, HASH, 'shim.sh'));

  rmSync(kits, { recursive: true });
  expect(kit.putBack()).toEqual(hooksIn(kits));
  writeFileSync(join(kits, HASH, 'hook.cjs'), '// h');
  writeFileSync(join(kits, HASH, 'ruby/upkeep_report.rb'), '# rubi\n');
  rmSync(join(kits, HASH, 'python/_upkeep_report.py'));
  expect(kit.putBack()).toEqual(hooksIn(kits));
  expect(isWhole()).toBe(true);
});

it('sees also what was changed in place after a while', async () => {
  const kits = join(room(), 'kit');
  const kit = openKit(kits, { hash: HASH, texts });
  const hook = join(kits, HASH, 'hook.cjs');
  kit.putBack();
  await eventually(() => Date.now() - statSync(hook).ctimeMs > 50, 'an older file');
  kit.putBack();
  for (const text of ['// hoop\n', '// kooh\n']) {
    writeFileSync(hook, text);
    kit.putBack();
    expect(readFileSync(hook, 'utf8')).toBe(texts['hook.cjs']);
  }
});

it('tells of no hook that could not be put there: a program would not start without it', () => {
  const kits = join(room(), 'kit');
  writeFileSync(kits, 'a file where the folder would be');
  const none = { node: null, languages: { python: null, ruby: null } };
  expect(openKit(kits, { hash: HASH, texts }).putBack()).toEqual(none);
});

it('lies beside the sockets where the path of the workspace cannot stand in a variable', () => {
  vi.stubEnv('UPKEEP_RUNTIME_DIR', '/run/mine');
  as(1000);
  expect(kitsFolder(workspacePaths('/home/ada/shop'), 'id')).toBe('/home/ada/shop/.upkeep/kit');
  expect(kitsFolder(workspacePaths('/home/ada/my shop'), 'id')).toBe('/run/mine/id.kit');
  expect(kitsFolder(workspacePaths('/home/ada/a:b'), 'id')).toBe('/run/mine/id.kit');
  // Its services may have become other users, who cannot enter there.
  as(0);
  expect(kitsFolder(workspacePaths('/home/ada/my shop'), 'id')).toBe('/home/ada/my shop/.upkeep/kit');
});

it('of what root has, other users can reach the kit and see nothing else', () => {
  const own = room();
  const kits = join(own, 'kit');
  const modes = () =>
    [own, kits, join(kits, HASH), join(kits, HASH, 'hook.cjs')].map((path) => statSync(path).mode & 0o777);
  as(1000);
  openKit(kits, { hash: HASH, texts }).putBack();
  expect(modes()).toEqual([0o700, 0o700, 0o700, 0o600]);
  rmSync(kits, { recursive: true });
  as(0);
  openKit(kits, { hash: HASH, texts }).putBack();
  expect(modes()).toEqual([0o711, 0o755, 0o755, 0o644]);
});

it('a kit of another version goes when no process has it in its environment any more', () => {
  const kits = join(room(), 'kit');
  const proc = room();
  for (const name of [HASH, 'aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'])
    mkdirSync(join(kits, name), { recursive: true });
  mkdirSync(join(proc, '42'));
  writeFileSync(
    join(proc, '42', 'environ'),
    `A=1\0NODE_OPTIONS=--require "${kits}/aaaaaaaaaaaaaaaa/hook.cjs" --trace-warnings\0`,
  );
  const left = () =>
    [HASH, 'aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'].filter((name) => existsSync(join(kits, name)));
  removeOldKits(kits, HASH, linuxProcesses(proc));
  expect(left()).toEqual([HASH, 'aaaaaaaaaaaaaaaa']);
  rmSync(join(proc, '42'), { recursive: true });
  removeOldKits(kits, HASH, linuxProcesses(proc));
  expect(left()).toEqual([HASH]);
});
