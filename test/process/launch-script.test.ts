/** Whatever a person writes as command and environment arrives as it is, through a real shell. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram, launchProblem, launchScript, quote } from '../../src/process/launch-script.ts';
import { machineTools } from '../../src/process/tools.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "upkeep launch 'ü' "));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SHELLS = [['sh'], ['bash', '--norc', '--posix']].filter(([shell = '']) =>
  findProgram(shell, '/', process.env['PATH'] ?? ''),
);
const RUNS = { numRuns: 40 };

/** Anything an argument may hold: not NUL, and well-formed, since it is written as UTF-8. */
const word = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom("'", '"', '\\', '$', '`', '\n', ' ', '\t', '!', '*', '~', ';', '&', 'é', '😀'),
    }),
  )
  .map((text) => text.replaceAll('\0', ''));

const name = fc
  .oneof(
    fc.constantFrom(
      'A',
      '_x',
      'npm_config_a-b',
      'a.b',
      '1st',
      'with space',
      "quo'te",
      '-dash',
      'ümlaut',
      '$x',
      '--',
    ),
    // The shell has its own ideas of these.
    fc.constantFrom(
      'UID',
      'EUID',
      'PPID',
      'OPTIND',
      'IFS',
      'LINENO',
      'RANDOM',
      'SECONDS',
      'PS4',
      'ENV',
      'POSIXLY_CORRECT',
    ),
    word.map((text) => text.replaceAll('=', '')).filter((text) => text !== ''),
  )
  .filter(
    (text) => !['PATH', 'PWD', 'OLDPWD', 'SHLVL', '_', '__proto__'].includes(text) && !text.startsWith('LD_'),
  );

function run([shell = '', ...options]: string[], argv: string[], env: Record<string, string> = {}): string[] {
  const script = join(root, 'start');
  writeFileSync(script, launchScript({ command: { argv }, cwd: root, env }, machineTools()));
  const result = spawnSync(shell, [...options, '-c', '. "$0"', script], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  expect(result.stderr).toBe('');
  return result.stdout.split('\0').slice(0, -1);
}

describe.each(SHELLS)('through %s', (...shell: string[]) => {
  it('every argument arrives', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
        expect(run(shell, ['printf', '%s\\0', ...words])).toEqual(words);
      }),
      RUNS,
    );
  });

  it('every variable arrives, whatever the shell thinks of its name', () => {
    fc.assert(
      fc.property(fc.dictionary(name, word, { maxKeys: 5 }), (env) => {
        const arrived = new Set(run(shell, ['env', '-0'], env));
        for (const [key, value] of Object.entries(env)) expect(arrived).toContain(`${key}=${value}`);
      }),
      RUNS,
    );
  });
});

describe('launchScript', () => {
  it('goes to the folder, and gives up when that has gone', () => {
    const text = launchScript(
      { command: { argv: ['pwd'] }, cwd: join(root, 'gone'), env: {} },
      machineTools(),
    );
    expect(spawnSync('sh', ['-c', text]).status).toBe(126);
  });

  it('gives shell text to a shell', () => {
    const text = launchScript(
      { command: { shell: 'echo "$A" | tr a b; exit 7' }, cwd: root, env: { A: 'aa' } },
      machineTools(),
    );
    expect(spawnSync('sh', ['-c', text], { encoding: 'utf8' })).toMatchObject({ stdout: 'bb\n', status: 7 });
  });

  it('makes the run a session leader, in the very process that began', () => {
    const text = launchScript(
      { command: { shell: 'echo $$; cut -d" " -f6 /proc/$$/stat' }, cwd: root, env: {} },
      machineTools(),
    );
    const [pid, session] = execFileSync('sh', ['-c', `(${text})`], { encoding: 'utf8' }).split('\n');
    expect(session).toBe(pid);
  });

  it('spends no program on resetting signals for node, which does so itself', () => {
    const tools = { session: [], signals: () => ['env', '--default-signal=INT'] };
    const textOf = (program: string) =>
      launchScript({ command: { argv: [program] }, cwd: '/', env: {} }, tools);
    expect(textOf('/usr/bin/node')).not.toContain('default-signal');
    expect(textOf('nodemon')).toContain('default-signal');
  });
});

it('quote leaves out NUL, which no argument can hold', () => {
  expect(quote("a\0'b")).toBe("'a'\\''b'");
});

describe('launchProblem', () => {
  const problem = (argv: string[], cwd = root, env: Record<string, string> = {}) =>
    launchProblem({ command: { argv }, cwd, env }, process.env['PATH'] ?? '');

  it('is none for what can be run', () => {
    expect(problem(['sh'])).toBeNull();
    expect(launchProblem({ command: { shell: 'no-such-program' }, cwd: root, env: {} }, '')).toBeNull();
  });

  it('names a missing folder, and a file in its place', () => {
    writeFileSync(join(root, 'file'), '');
    expect(problem(['sh'], join(root, 'gone'))).toBe(`its folder ${join(root, 'gone')} does not exist`);
    expect(problem(['sh'], join(root, 'file'))).toBe(`its folder ${join(root, 'file')} is a file`);
  });

  it('names a program that is not there, or not executable', () => {
    mkdirSync(join(root, 'bin'), { recursive: true });
    writeFileSync(join(root, 'bin/tool'), '#!/bin/sh\n');
    chmodSync(join(root, 'bin/tool'), 0o644);
    expect(problem(['no-such-program'])).toBe('its program "no-such-program" is not found in PATH');
    expect(problem(['./bin/tool'])).toContain(
      `${join(root, 'bin/tool')} does not exist or is not executable`,
    );
    expect(problem(['./bin'])).toContain('is not executable');
    chmodSync(join(root, 'bin/tool'), 0o755);
    expect(problem(['./bin/tool'])).toBeNull();
    expect(problem(['tool'], root, { PATH: 'bin' }), "the service's own PATH counts").toBeNull();
  });
});
