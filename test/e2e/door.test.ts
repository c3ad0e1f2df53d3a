/** `upkeep status` without Node: the shell's part of the program asks the daemon, and says what Node would say. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { begin, type CommandResult } from '../rig/command.ts';
import { isAlive, signalExactly } from '../rig/processes.ts';
import { CLI, createRig, NODE, type Rig, testRig } from '../rig/rig.ts';
import { guardOf, livingDaemon, nextDaemon, untilState } from './support.ts';

/** What can be `/bin/sh` somewhere, as far as it is here. */
const SHELLS = ['sh', 'bash --posix', 'busybox sh'].filter(
  (shell) => spawnSync('sh', ['-c', `${shell} -c :`], { stdio: 'ignore' }).status === 0,
);

interface Options {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  shell?: string;
}

/** As a person types it. `--json` and the like behind it. */
function typed(
  rig: Rig,
  args: string[] = ['status'],
  { cwd, env, shell }: Options = {},
): Promise<CommandResult> {
  const options = { cwd: cwd ?? rig.workspace, env: { ...rig.env, ...env }, timeout: 20_000 };
  return begin([...(shell?.split(' ') ?? []), CLI, ...args], options).done;
}

const NODE_CAME = 'node came';

/** The same with a Node that only says so: what does not say it came from the shell. */
async function byShell(rig: Rig, args?: string[], { env, ...options }: Options = {}): Promise<string> {
  const folder = join(rig.runtimeDir, 'stub');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'node'), `#!/bin/sh\necho ${NODE_CAME}: "$@"\n`, { mode: 0o755 });
  const path = `${folder}:${rig.env['PATH']}`;
  const { stdout, stderr, code } = await typed(rig, args, { ...options, env: { ...env, PATH: path } });
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

const own = (rig: Rig, pattern: RegExp) =>
  readdirSync(rig.path('.upkeep')).filter((name) => pattern.test(name));

async function opened(rig: Rig): Promise<string> {
  const daemon = livingDaemon(rig);
  const name = await rig.eventually(() => own(rig, new RegExp(`^ask-${daemon.pid}-`))[0], 'the door is open');
  return rig.path('.upkeep', name);
}

const untilAnswered = (rig: Rig) =>
  rig.eventually(async () => (await byShell(rig)).startsWith('SERVICE '), 'the shell is answered');

/** Without CPU, memory and uptime, which move from one look to the next, and the width of their columns. */
function still(text: string): string {
  return text
    .replaceAll(/"(cpu|memory)": .*/g, '')
    .replaceAll(/(\d+ m )?\d+(\.\d)? (s|%|MB)/g, '…')
    .replaceAll(/ +/g, ' ');
}

/** A state may change in between: until both say the same. */
function sameByNode(rig: Rig, args: string[], options: Options = {}): Promise<string> {
  return rig.eventually(async () => {
    const [shell, node] = [
      await byShell(rig, args, options),
      await typed(rig, args, { ...options, shell: NODE }),
    ];
    expect(still(shell)).toBe(still(node.stdout));
    return shell;
  }, 'the shell and Node say the same');
}

describe('with a living daemon', () => {
  let rig: Rig;
  let ask: string;

  beforeAll(async () => {
    rig = await createRig('odd');
    rig.configure({
      web: { port: await rig.port(), description: 'the front' },
      日本: {},
      weak: { restart: { delay: '10m' } },
      parked: { does: [{ do: 'exit', code: 1 }], restart: { maxFailures: 1 } },
    });
    await rig.cli('start');
    await untilState(rig, 'parked', 'crashed');
    ask = await opened(rig);
  });
  afterAll(() => rig.dispose());
  beforeEach(() => expect(own(rig, /^answer-/)).toEqual([]));

  it.each(SHELLS)('says what Node says: %s', async (shell) => {
    expect(await sameByNode(rig, ['status'], { shell })).toMatch(/^SERVICE .*\nweb .*ready/);
    expect(await sameByNode(rig, ['status', '--json'], { shell })).toMatch(/^\{\n {2}"workspace"/);
    if (shell !== 'sh') return;
    const narrow = await sameByNode(rig, ['status'], { shell, env: { COLUMNS: '60' } });
    expect(narrow).not.toContain('RESTARTS');
    expect(await sameByNode(rig, ['status'], { shell, env: { FORCE_COLOR: '1' } })).toContain('\u001b[32m');
    await sameByNode(rig, ['status'], { shell, env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
  });

  it('on a terminal, too', async () => {
    const terminal = rig.terminal();
    const words = `'${CLI}' status`;
    await terminal.run('stty cols 70');
    await rig.eventually(async () => {
      const [shell, node] = [await terminal.run(words), await terminal.run(rig.cliWords('status'))];
      const table = ({ output }: { output: string }) => output.slice(output.indexOf('SERVICE'));
      expect(still(table(shell))).toBe(still(table(node)));
      expect(table(shell)).toContain('\u001b[32m');
      return shell.code === 0;
    }, 'the shell and Node say the same');
    const stub = `PATH="${rig.runtimeDir}/stub:$PATH" ${words}`;
    expect((await terminal.run(stub)).output).not.toContain(`${NODE_CAME}: /`);
    expect((await terminal.run(`TERM=dumb ${stub}`)).output).toContain(`${NODE_CAME}: /`);
  });

  it('leaves to Node what is not simply status here', async () => {
    mkdirSync(rig.path('below'), { recursive: true });
    const others: [string[]?, Options?][] = [
      [[]],
      [['status', 'web']],
      [['status --json']],
      [['-C', '.', 'status']],
      [['logs']],
      [['status'], { cwd: rig.path('below') }],
      [['status'], { env: { UPKEEP_PLATFORM: 'ps' } }],
      [['status'], { env: { COLUMNS: 'wide' } }],
    ];
    for (const [args, options] of others)
      expect(await byShell(rig, args, options), JSON.stringify([args, options])).toBe(
        `${NODE_CAME}: ${[CLI, ...(args ?? [])].join(' ')}\n`,
      );
  });

  it('through links, and by Node itself', async () => {
    symlinkSync(CLI, rig.path('linked'));
    const link = begin([rig.path('linked'), '--version'], {
      cwd: rig.workspace,
      env: rig.env,
      timeout: 20_000,
    });
    const byNode = begin([NODE, rig.path('linked'), '--version'], {
      cwd: rig.workspace,
      env: rig.env,
      timeout: 20_000,
    });
    expect((await link.done).stdout).toMatch(/^\d+\.\d+\.\d+/);
    expect((await byNode.done).stdout).toBe((await link.done).stdout);
  });

  it.each(SHELLS)('ends as Node does when its output cannot be written: %s', async (shell) => {
    const run = (line: string) =>
      spawnSync('bash', ['-c', `set -o pipefail; ${line}`, 'bash', ...shell.split(' '), CLI, 'status'], {
        cwd: rig.workspace,
        env: rig.env,
        encoding: 'utf8',
      });
    expect(run('"$@" | true')).toMatchObject({ status: 0, stderr: '' });
    expect(run('"$@" >&-')).toMatchObject({ status: 0, stderr: '' });
    expect(run('"$@" >/dev/full')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^upkeep: standard output cannot be written: ENOSPC.*\n$/),
    });
  });

  it('many at once', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => typed(rig)));
    for (const { code, stdout, stderr } of results) {
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^SERVICE .*\n(.*\n)+3 of 4 ready, daemon /);
    }
  });

  it('takes no harm from what anybody writes into the pipe', async () => {
    writeFileSync(rig.path('.upkeep/answer-77'), 'kept');
    symlinkSync(rig.path('.upkeep/answer-77'), rig.path('.upkeep/answer-78'));
    execFileSync('mkfifo', [rig.path('answer-79')]);
    const lines = [
      Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256)),
      Buffer.alloc(1_000_000, 'x'),
      '\n',
      '1 77 table - n /\n1 78 table - n /\n1 ../answer-79 table - n /\n1 79\n',
      `1 80 table - n ${rig.workspace}\0\n`.repeat(500),
    ];
    const pipe = openSync(ask, constants.O_WRONLY);
    for (const line of lines)
      for (let rest = Buffer.from(line); rest.length > 0; ) rest = rest.subarray(writeSync(pipe, rest));
    closeSync(pipe);
    expect(await byShell(rig)).toMatch(/^SERVICE /);
    expect(rig.read('.upkeep/answer-77')).toBe('kept');
    for (const name of ['.upkeep/answer-77', '.upkeep/answer-78', 'answer-79']) rmSync(rig.path(name));
  });

  it('tells what was killed a moment ago', async () => {
    const { pid } = await rig.nextInvocation('web');
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
    expect(await byShell(rig)).not.toMatch(new RegExp(`^web .* ${pid} `, 'm'));
    await rig.eventually(async () => (await byShell(rig)).match(/^web .*ready.*crash/m), 'it is back');
  });

  it('removes what a shell that was killed has left', async () => {
    execFileSync('sh', ['-c', 'mkfifo .upkeep/answer-$$'], { cwd: rig.workspace });
    expect(own(rig, /^answer-/)).toHaveLength(1);
    expect(await byShell(rig)).toMatch(/^SERVICE /);
    await rig.eventually(() => own(rig, /^answer-/).length === 0, 'it is gone');
  });

  it('is made anew when it was removed, by the next command that speaks to the daemon', async () => {
    for (const spoil of [() => {}, () => writeFileSync(ask, ''), () => symlinkSync('daemon.json', ask)]) {
      rmSync(ask);
      spoil();
      expect(await byShell(rig)).toContain(NODE_CAME);
      await rig.ok('start', 'web');
      await untilAnswered(rig);
    }
    rmSync(rig.path('.upkeep'), { recursive: true });
    expect(await byShell(rig)).toContain(NODE_CAME);
    await rig.status();
    await untilAnswered(rig);
  });

  it('another version is left to Node', async () => {
    const other = ask.replace(/-[^-]+$/, '-0.0.1');
    renameSync(ask, other);
    expect(await byShell(rig)).toContain(NODE_CAME);
    renameSync(other, ask);
  });

  it('another workspace may be meant', async () => {
    const [config, above] = [rig.path('upkeep.config.json'), rig.path('../upkeep.config.json')];
    renameSync(config, above);
    expect(await byShell(rig)).toContain(NODE_CAME);
    renameSync(above, config);
    await untilAnswered(rig);
  });

  it('a time of day is told by whoever knows the zone', async () => {
    await (await rig.nextInvocation('weak')).exit(1);
    await untilState(rig, 'weak', 'backoff');
    expect(await byShell(rig)).toContain(NODE_CAME);
    expect(await byShell(rig, ['status', '--json'])).toContain('"retryAt": "2');
  });
});

it('never waits for a daemon that cannot answer', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  await rig.ok('start');
  const ask = await opened(rig);
  const daemon = livingDaemon(rig);

  signalExactly(daemon, 'SIGSTOP');
  expect(await byShell(rig)).toContain(NODE_CAME);
  signalExactly(daemon, 'SIGCONT');

  // Alive as far as anybody sees, and deaf: what is asked goes into a pipe that it does not read.
  rmSync(ask);
  execFileSync('mkfifo', ['-m', '600', ask]);
  expect(await byShell(rig)).toContain(NODE_CAME);
  const full = openSync(ask, constants.O_RDWR | constants.O_NONBLOCK);
  expect(() => {
    for (;;) writeSync(full, 'x'.repeat(4_096));
  }).toThrow('EAGAIN');
  expect(await byShell(rig)).toContain(NODE_CAME);
  closeSync(full);
  expect(own(rig, /^answer-/)).toEqual([]);

  signalExactly(daemon, 'SIGKILL');
  const next = await nextDaemon(rig, daemon);
  expect(await byShell(rig)).toMatch(new RegExp(`^SERVICE |^${NODE_CAME}`));
  expect(await opened(rig)).toContain(`ask-${next.pid}-`);
  expect(own(rig, /^ask-/)).toHaveLength(1);
  expect(await byShell(rig)).toMatch(/^SERVICE /);

  signalExactly(guardOf(next), 'SIGKILL');
  signalExactly(next, 'SIGKILL');
  await rig.eventually(async () => (await byShell(rig)).includes(NODE_CAME), 'nobody is asked any more');
  expect((await typed(rig)).stdout).toMatch(/^SERVICE /);
  await rig.ok('stop');
  expect(own(rig, /^ask-/)).toEqual([]);
});
