/** The files by which systemd and launchd are told, whatever is in the paths. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { agentText, readAgent } from '../../src/boot/launchd.ts';
import type { BootStart } from '../../src/boot/start.ts';
import { readUnit, unitText } from '../../src/boot/systemd.ts';

const ODD = '/home/ada/mein Projekt – 日本語 100% $HOME "q" it\'s \\n;x';

const start: BootStart = {
  guard: `${ODD}/dist/guard.sh`,
  lock: `${ODD}/.upkeep/lock`,
  node: '/home/ada/.nvm/versions/node/v20.1.0/bin/node',
  daemon: `${ODD}/dist/daemon.cjs`,
  workspace: ODD,
  env: { PATH: '/opt/100%/bin:/usr/bin', LANG: 'C.UTF-8' },
};

describe('a systemd unit', () => {
  it('has the paths in quotes, with what means something to systemd escaped', () => {
    const text = unitText({ ...start, workspace: '/w/a b%c$d"e\\f', env: { PATH: '/a%b/$c' } });
    expect(text).toContain(' "/w/a b%%c$$d\\"e\\\\f" "boot"\n');
    expect(text).toContain('\nEnvironment="PATH=/a%%b/$c"\n');
    expect(text).toContain('\nKillMode=process\n');
    expect(text).toContain('\nWantedBy=default.target\n');
  });

  it('says what was written into it', () => {
    expect(readUnit(unitText(start))).toEqual(start);
    fc.assert(
      fc.property(
        anyStart(fc.string({ unit: fc.constantFrom(...ODD, '\n', '\t', '\x7f', '\r', '=', '#', '[') })),
        (each) => {
          const text = unitText(each);
          expect(readUnit(text)).toEqual(each);
          // One directive a line: nothing of a path can become another.
          expect(text.split('\n').filter((line) => line.startsWith('ExecStart='))).toHaveLength(1);
        },
      ),
    );
  });

  it('of somebody else is not ours', () => {
    expect(readUnit('[Service]\nExecStart="/usr/bin/other" "boot"\n')).toBeNull();
    expect(readUnit('')).toBeNull();
  });

  it.runIf(hasSystemd())('is good in the eyes of systemd', () => {
    const folder = mkdtempSync(join(tmpdir(), 'upkeep-unit-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(join(folder, 'run'), { mode: 0o700 });
    const file = join(folder, 'upkeep-test-0123456789abcdef.service');
    const verify = () =>
      execFileSync('systemd-analyze', ['verify', '--user', '--man=no', file], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: join(folder, 'run') },
      });
    writeFileSync(file, unitText(start));
    verify();
    // It does look.
    writeFileSync(file, unitText(start).replace('"/bin/sh"', '"/bin/no-such-shell"'));
    expect(verify).toThrow(/no-such-shell/);
  });
});

describe('a launchd agent', () => {
  it('says what was written into it', () => {
    expect(readAgent(agentText('dev.upkeep.a&b', start))).toEqual(start);
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '&', '<', '>', '"', "'", '日', ';', '%', '/') });
    fc.assert(
      fc.property(anyStart(text), (each) => {
        expect(readAgent(agentText('label', each))).toEqual(each);
      }),
    );
  });

  it('is a property list', () => {
    const text = agentText('dev.upkeep.shop', start);
    expect(text).toContain('<key>Label</key>\n  <string>dev.upkeep.shop</string>');
    expect(text).toContain('<key>RunAtLoad</key>\n  <true/>');
    expect(text).toContain('<key>AbandonProcessGroup</key>\n  <true/>');
    const parsed = plist(text);
    expect(parsed).toMatchObject({ Label: 'dev.upkeep.shop', RunAtLoad: true });
    expect(parsed?.ProgramArguments).toEqual([
      '/bin/sh',
      start.guard,
      start.lock,
      start.node,
      start.daemon,
      ODD,
      'boot',
    ]);
  });

  it('of somebody else is not ours', () => {
    expect(readAgent('<plist></plist>')).toBeNull();
  });
});

function anyStart(text: fc.Arbitrary<string>): fc.Arbitrary<BootStart> {
  const path = text.map((each) => `/${each.replaceAll('\0', '')}`);
  return fc.record({
    guard: path,
    lock: path,
    node: path,
    daemon: path,
    workspace: path,
    env: fc.record({ PATH: path }),
  });
}

function hasSystemd(): boolean {
  try {
    execFileSync('systemd-analyze', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** As Python's plistlib reads it; it comes with every Python. */
function plist(text: string): { ProgramArguments: string[] } & Record<string, unknown> {
  const program = 'import plistlib,json,sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))';
  return JSON.parse(execFileSync('python3', ['-c', program], { input: text, encoding: 'utf8' }));
}
