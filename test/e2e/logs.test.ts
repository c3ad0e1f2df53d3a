/** Everything that a server prints can be read: nothing lost, nothing doubled, nothing garbled. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Invocation } from '../rig/invocation.ts';
import { type Rig, type RigService, testRig } from '../rig/rig.ts';
import { logOf, numberedLines, untilState } from './support.ts';

async function started(extra: Partial<RigService> = {}): Promise<{ rig: Rig; web: Invocation }> {
  const rig = await testRig();
  rig.configure({ web: { ...extra }, other: {} });
  await rig.ok('start');
  return { rig, web: await rig.nextInvocation('web') };
}

function linesOf(rig: Rig, name: string): string[] {
  return logOf(rig, name)
    .split('\n')
    .filter((line) => line !== '');
}

describe('the visible file', () => {
  it('has stdout and stderr in their order', async () => {
    const { rig, web } = await started();
    for (let n = 1; n <= 20; n++) {
      await web.do({ do: 'print', stream: n % 2 ? 'stdout' : 'stderr', text: `line ${n}\n` });
    }
    await rig.eventually(() => linesOf(rig, 'web').includes('line 20'), 'the last line');
    expect(linesOf(rig, 'web').filter((line) => line.startsWith('line'))).toEqual(numberedLines('line', 20));
  });

  it('has a line without its end too', async () => {
    const { rig, web } = await started();
    await web.do({ do: 'print', text: 'half a line' });
    await rig.eventually(() => logOf(rig, 'web').includes('half a line'), 'half a line');
  });

  it('has all of it when the server prints much and exits in the same breath', async () => {
    const { rig, web } = await started();
    await web.end({ do: 'chatter', lines: 20_000, exit: 1 });
    await rig.nextInvocation('web');
    await rig.eventually(() => linesOf(rig, 'web').includes('line 20000'), 'the last line');
    expect(linesOf(rig, 'web').filter((line) => line.startsWith('line '))).toEqual(
      numberedLines('line', 20_000),
    );
  });

  it('comes back at the next line after it was removed, and nothing printed later is lost', async () => {
    const { rig, web } = await started();
    await web.print(3, 'before');
    await rig.eventually(() => linesOf(rig, 'web').includes('before 3'), 'the lines before');
    rmSync(rig.path('.server-logs'), { recursive: true });
    await web.print(3, 'after');
    await rig.eventually(() => linesOf(rig, 'web').includes('after 3'), 'the lines after');
    expect(linesOf(rig, 'web').filter((line) => line.startsWith('after'))).toEqual(numberedLines('after', 3));
    await web.print(2, 'later');
    await rig.eventually(() => linesOf(rig, 'web').includes('later 2'), 'still more');
  });

  it('cannot be had where a file is in the place of its folder: what was printed is shown all the same', async () => {
    const { rig, web } = await started();
    rmSync(rig.path('.server-logs'), { recursive: true, force: true });
    rig.write('.server-logs', 'in the way');
    await web.print(3, 'kept');
    expect((await rig.ok('logs', 'web', '-n', '2')).stdout).toContain('kept 3');
    expect((await rig.ok('logs')).stdout).toContain('NAME');
    expect((await rig.ok('status')).stdout).toContain('cannot be written');
    rmSync(rig.path('.server-logs'));
    await web.print(1, 'again');
    await rig.eventually(() => linesOf(rig, 'web').includes('again 1'), 'it is there again');
    expect(linesOf(rig, 'web').filter((line) => line.startsWith('kept'))).toEqual(numberedLines('kept', 3));
  });

  it('is rotated by size, and the set number of old ones is kept', async () => {
    const { rig, web } = await started({ logs: { maxSize: '20KB', keep: 2 } });
    for (let round = 0; round < 10; round++) await web.print(1_000, `round-${round}`);
    await rig.eventually(() => logOf(rig, 'web').includes('round-9 1000'), 'the last line');
    const files = readdirSync(rig.path('.server-logs')).filter((name) => name.startsWith('web'));
    expect(files).toHaveLength(3);
  });

  it('survives restarts of its server', async () => {
    const { rig, web } = await started();
    await web.print(1, 'first');
    await rig.ok('restart', 'web');
    await (await rig.nextInvocation('web')).print(1, 'second');
    await rig.eventually(() => linesOf(rig, 'web').includes('second 1'), 'the second run');
    expect(linesOf(rig, 'web')).toContain('first 1');
  });
});

describe('upkeep logs', () => {
  it('lists the logs', async () => {
    const { rig, web } = await started();
    await web.print(1);
    const { stdout } = await rig.ok('logs');
    expect(stdout).toContain('web');
    expect(stdout).toContain('other');
  });

  it('shows the last 50 lines, or as many as asked for', async () => {
    const { rig, web } = await started();
    await web.print(120);
    await rig.eventually(() => linesOf(rig, 'web').includes('line 120'), 'the last line');
    const fifty = (await rig.ok('logs', 'web')).stdout.trimEnd().split('\n');
    expect(fifty).toHaveLength(50);
    expect(fifty[0]).toContain('line 71');
    expect(fifty[49]).toContain('line 120');
    expect((await rig.ok('logs', 'web', '-n', '3')).stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  it('finds by a regular expression', async () => {
    const { rig, web } = await started();
    await web.print(30);
    await rig.eventually(() => linesOf(rig, 'web').includes('line 30'), 'the last line');
    const { stdout } = await rig.ok('logs', 'web', '--grep', 'line 1\\d$');
    expect(stdout.trimEnd().split('\n')).toHaveLength(10);
  });

  it('merges several by time', async () => {
    const { rig, web } = await started();
    const other = await rig.nextInvocation('other');
    const say = async (who: Invocation, name: string, n: number) => {
      const before = Date.now();
      await who.do({ do: 'print', text: `${name} says ${n}\n` });
      await rig.eventually(() => linesOf(rig, name).includes(`${name} says ${n}`), 'it is there');
      // The time of a line is known to 50 ms.
      await rig.eventually(() => Date.now() > before + 200, 'time goes by');
    };
    for (let n = 1; n <= 3; n++) {
      await say(web, 'web', n);
      await say(other, 'other', n);
    }
    const said = (await rig.ok('logs', 'web', 'other')).stdout.match(/(web|other) says \d/g);
    expect(said).toEqual([1, 2, 3].flatMap((n) => [`web says ${n}`, `other says ${n}`]));
  });

  it('as JSON has time, service, run and line', async () => {
    const { rig, web } = await started();
    const before = Date.now();
    await web.print(2);
    await rig.eventually(() => linesOf(rig, 'web').includes('line 2'), 'the last line');
    const { stdout } = await rig.ok('logs', 'web', '--json', '-n', '2');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { service: 'web', run: 1 },
      { service: 'web', run: 1 },
    ]);
    expect(JSON.stringify(lines[1])).toContain('line 2');
    const time = new Date(lines[0].time ?? lines[0].at).getTime();
    expect(time).toBeGreaterThanOrEqual(before - 1_000);
  });

  it('follows, also across a restart and a removed file', async () => {
    const { rig, web } = await started();
    const follow = rig.beginCli(['logs', 'web', '-f']);
    const seen = (text: string) => rig.eventually(() => follow.stdout().includes(text), `followed: ${text}`);
    await web.print(1, 'one');
    await seen('one 1');
    await rig.ok('restart', 'web');
    const next = await rig.nextInvocation('web');
    await next.print(1, 'two');
    await seen('two 1');
    rmSync(rig.path('.server-logs/web.log'));
    await next.print(1, 'three');
    await seen('three 1');
    follow.child.kill('SIGINT');
    await follow.done;
    expect(follow.stdout().match(/three 1/g)).toHaveLength(1);
  });

  it('knows services that have never run by the configuration', async () => {
    const rig = await testRig();
    rig.configure({ web: {}, other: {} });
    const right = await rig.cli('logs', 'web');
    expect(right.stderr).toContain('web has not printed anything yet');
    const wrong = await rig.cli('logs', 'wep');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('Did you mean "web"?');
  });

  it('works without a daemon, and after everything was stopped', async () => {
    const { rig, web } = await started();
    await web.print(2);
    await rig.ok('stop');
    expect((await rig.ok('logs', 'web')).stdout).toContain('line 2');
    expect(existsSync(rig.path('.server-logs/web.log'))).toBe(true);
  });

  it('of one run, and since the last restart', async () => {
    const { rig, web } = await started();
    await web.print(1, 'first');
    await rig.ok('restart', 'web');
    await (await rig.nextInvocation('web')).print(1, 'second');
    await rig.eventually(() => linesOf(rig, 'web').includes('second 1'), 'the second run');
    await untilState(rig, 'web', 'ready');
    const first = (await rig.ok('logs', 'web', '--run', '1')).stdout;
    const since = (await rig.ok('logs', 'web', '--since-restart')).stdout;
    expect([first.includes('first 1'), first.includes('second 1')]).toEqual([true, false]);
    expect([since.includes('first 1'), since.includes('second 1')]).toEqual([false, true]);
  });
});

it('errors alone, whole, since the last edit', async () => {
  const rig = await testRig();
  rig.write('web.mjs', "console.log('fine');\nsetInterval(() => {}, 1e6);\n");
  rig.configure({ web: { command: 'node web.mjs', watch: { quiet: 50 } } });
  await rig.ok('start');
  expect((await rig.cli('logs', 'web', '--errors')).stderr).toContain('No error of web is kept');
  rig.write(
    'web.mjs',
    "console.log('again');\nconsole.error(new Error('boom'));\nsetInterval(() => {}, 1e6);\n",
  );
  await rig.ok('wait', '--edit', 'web.mjs');
  await rig.eventually(() => linesOf(rig, 'web').includes('Error: boom'), 'the error');
  const found = (await rig.ok('logs', 'web', '--errors', '--since-edit')).stdout.trimEnd().split('\n');
  expect(found[0]).toBe('Error: boom');
  expect(found[1]).toMatch(/^ {4}at .*web\.mjs:2:15/);
  expect(found.join('\n')).not.toContain('again');
  const since = (await rig.ok('logs', 'web', '--since-edit')).stdout;
  expect([since.includes('again'), since.includes('fine')]).toEqual([true, false]);
  expect((await rig.ok('logs', '--errors', '-n', '1')).stdout).toContain('boom');
});
