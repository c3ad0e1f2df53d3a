/** The scripts are run by the shells that are installed: bash always, zsh and fish where they are. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bashScript } from '../../../src/cli/completion/bash.ts';
import { fishScript } from '../../../src/cli/completion/fish.ts';
import { type CommandSpec, commandSpec } from '../../../src/cli/completion/spec.ts';
import { zshScript } from '../../../src/cli/completion/zsh.ts';

const commands: CommandSpec[] = [
  commandSpec('start', "start what's needed", {
    args: { wait: { type: 'boolean', default: true, negativeDescription: 'return at once' } },
  }),
  commandSpec('logs', 'show logs', {
    args: { lines: { type: 'string', alias: 'n' }, follow: { type: 'boolean' } },
  }),
  commandSpec('init', 'write a configuration', {
    args: { from: { type: 'string', valueHint: 'pm2|compose' } },
  }),
  commandSpec('completion', 'print a script', {}),
];

let folder: string;
/** Stands in for the command: answers with names, and tells the folder it was asked for. */
const FAKE = `#!/bin/sh
[ "$1" = -C ] && { echo "in-$2"; exit; }
[ "$*" = "completion --services" ] && { echo service; exit; }
[ "$*" = "completion --names" ] || exit 9
printf '%s\\n' web-server worker 'my api' npm:dev npm:build @back jo@home
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-completion-'));
  writeFileSync(join(folder, 'upkeep'), FAKE);
  chmodSync(join(folder, 'upkeep'), 0o755);
  mkdirSync(join(folder, 'subfolder'));
  writeFileSync(join(folder, 'script.bash'), bashScript(commands));
  writeFileSync(join(folder, 'script.zsh'), zshScript(commands));
  writeFileSync(join(folder, 'script.fish'), fishScript(commands));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

/** What bash offers for these words, the last of which is being typed. */
function offered(...words: string[]): string[] {
  // A name with a colon is one word on the line, a group another one than what stands before it.
  return offeredIn(words.join(' ').replace(/ : ?/g, ':').replace(/@ /g, '@'), words);
}

function offeredIn(line: string, words: string[]): string[] {
  const program = `set -u
source "$1"; shift
COMP_LINE=$1; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
$(complete -p upkeep | sed -n 's/.*-F \\([^ ]*\\) .*/\\1/p')
for reply in \${COMPREPLY[@]+"\${COMPREPLY[@]}"}; do printf '%s\\n' "$reply"; done`;
  const { stdout, stderr, status } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-c', program, 'bash', join(folder, 'script.bash'), line, ...words],
    {
      cwd: folder,
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}`, LC_ALL: 'C.UTF-8' },
      encoding: 'utf8',
    },
  );
  expect([stderr, status]).toEqual(['', 0]);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('bash', () => {
  it('completes commands', () => {
    expect(offered('upkeep', '')).toEqual([
      'start',
      'logs',
      'init',
      'completion',
      '-C',
      '--help',
      '--version',
    ]);
    expect(offered('upkeep', 'st')).toEqual(['start']);
  });

  it('completes names, as they have to be typed', () => {
    expect(offered('upkeep', 'start', 'w')).toEqual(['web-server', 'worker']);
    expect(offered('upkeep', 'start', 'worker', 'web')).toEqual(['web-server']);
    expect(offered('upkeep', 'start', 'my')).toEqual(['my\\ api']);
    expect(offered('upkeep', 'start', 'my\\ a')).toEqual(['my\\ api']);
    expect(offered('upkeep', 'logs', '')).toEqual(['service']);
    expect(offered('upkeep', 'init', 'w')).toEqual([]);
  });

  it('completes names with a colon, at which bash splits words', () => {
    expect(offered('upkeep', 'start', 'npm')).toEqual(['npm:dev', 'npm:build']);
    expect(offered('upkeep', 'start', 'npm', ':')).toEqual(['dev', 'build']);
    expect(offered('upkeep', 'start', 'npm', ':', 'd')).toEqual(['dev']);
  });

  it('completes groups, at whose @ bash splits words too, and gives that back', () => {
    expect(offered('upkeep', 'start', '@')).toEqual(['@back']);
    expect(offered('upkeep', 'start', '@', 'ba')).toEqual(['@back']);
    expect(offered('upkeep', 'start', 'worker', '@', 'ba')).toEqual(['@back']);
    expect(offered('upkeep', 'start', '@', 'x')).toEqual([]);
    expect(offeredIn('upkeep start jo@h', ['upkeep', 'start', 'jo', '@', 'h'])).toEqual(['@home']);
  });

  it('completes options and their values', () => {
    expect(offered('upkeep', 'start', '-')).toEqual(['--no-wait', '--help']);
    expect(offered('upkeep', 'logs', '--f')).toEqual(['--follow']);
    expect(offered('upkeep', 'logs', '-n', '')).toEqual([]);
    expect(offered('upkeep', 'init', '--from', '')).toEqual(['pm2', 'compose']);
    expect(offered('upkeep', 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('takes the folder of -C along', () => {
    expect(offered('upkeep', '-C', 'sub')).toEqual(['subfolder']);
    expect(offered('upkeep', '-C', 'subfolder', 'st')).toEqual(['start']);
    expect(offered('upkeep', '-C', 'subfolder', 'start', '')).toEqual(['in-subfolder']);
  });

  it('offers nothing when the command cannot say', () => {
    expect(offered('/does/not/exist', 'start', '')).toEqual([]);
  });
});

describe.skipIf(!has('zsh'))('zsh', () => {
  it('reads the script', () => {
    expect(spawnSync('zsh', ['-n', join(folder, 'script.zsh')], { encoding: 'utf8' }).stderr).toBe('');
  });
});

describe.skipIf(!has('fish'))('fish', () => {
  it('reads the script, and completes', () => {
    const script = join(folder, 'script.fish');
    expect(spawnSync('fish', ['-n', script], { encoding: 'utf8' }).stderr).toBe('');
    const ask = (line: string) =>
      spawnSync('fish', ['-N', '-c', `source ${script}; complete -C ${JSON.stringify(line)}`], {
        encoding: 'utf8',
        env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
      }).stdout;
    expect(ask('upkeep st')).toContain('start');
    expect(ask('upkeep start w')).toContain('web-server');
  });
});

it('quotes what people wrote in descriptions', () => {
  expect(zshScript(commands)).toContain("'start:start what'\\''s needed'");
  expect(fishScript(commands)).toContain("'start what\\'s needed'");
});
