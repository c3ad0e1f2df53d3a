/** A restart refuses no connection: an edit, a command, a broken save, under a steady load. */
import { existsSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isAlive } from '../rig/processes.ts';
import { testRig } from '../rig/rig.ts';
import { FILE, servedWeb, server } from './seamless-rig.ts';
import { entriesOf, expectRuns, untilState } from './support.ts';

it('an edit: the new code answers, and no request fails', async () => {
  const web = await servedWeb();
  const { pid } = await web.rig.service('web');
  web.save(server('v2'));
  await web.answers('v2');
  await web.settled();
  await web.expectNoneFailed();
  expect(await web.rig.service('web')).toMatchObject({
    run: 2,
    mode: 'swap',
    unheld: null,
    cause: { kind: 'edit' },
  });
  expect(web.swaps).toBe(1);
  expect(isAlive(pid ?? 0)).toBe(false);
});

it('a restart on demand comes back when the new run serves', async () => {
  const web = await servedWeb();
  const { pid } = await web.rig.service('web');
  await web.rig.ok('restart', 'web');
  const status = await web.rig.service('web');
  expect(status).toMatchObject({ run: 2, state: 'ready', cause: { kind: 'restart' } });
  expect(status.pid).not.toBe(pid);
  await web.settled();
  await web.expectNoneFailed();
  expect(web.swaps).toBe(1);
});

it('a restart on demand comes back when the run before accepts nothing more', async () => {
  // It cannot hear that it is not to, from before the new run listens until a while after.
  const blocked = `import { existsSync, writeFileSync } from 'node:fs';
const block = () => {
  writeFileSync('blocked', '');
  for (const end = Date.now() + 1_200; Date.now() < end; );
  writeFileSync('over', '');
};
setInterval(() => existsSync('block') && !existsSync('blocked') && block(), 20);`;
  const waiting = `import { existsSync, writeFileSync } from 'node:fs';
writeFileSync('block', '');
while (!existsSync('blocked')) await new Promise((resolve) => setTimeout(resolve, 5));`;
  const web = await servedWeb({ text: server('v1', blocked), service: { watch: false } });
  await web.load.stop();
  web.save(server('v2', waiting));
  await web.rig.ok('restart', 'web');
  expect(existsSync(web.rig.path('over'))).toBe(true);
});

it('ten edits in a row, each one seen to answer', async () => {
  const web = await servedWeb({ service: { watch: { quiet: 50 } } });
  for (let edit = 2; edit <= 11; edit++) {
    web.save(server(`v${edit}`));
    await web.answers(`v${edit}`);
  }
  await web.settled();
  await web.expectNoneFailed();
  expect(web.swaps).toBe(10);
});

it('two edits in quick succession: the newest code answers in the end', async () => {
  const web = await servedWeb();
  web.save(server('v2', 'await new Promise((resolve) => setTimeout(resolve, 300));'));
  await web.rig.eventually(async () => entriesOf(web.rig, 'run-started', 'web').length === 2, 'run 2');
  web.save(server('v3'));
  await web.answers('v3');
  await web.settled();
  await web.expectNoneFailed();
  expect((await web.rig.service('web')).editFailed).toBe(null);
});

it('what depends on it runs on', async () => {
  const web = await servedWeb({ others: { worker: { dependsOn: ['web'] } } });
  const worker = await web.rig.nextInvocation('worker');
  web.save(server('v2'));
  await web.answers('v2');
  await web.rig.ok('restart', 'web');
  await web.settled();
  await web.expectNoneFailed();
  expect(isAlive(worker.pid)).toBe(true);
  await expectRuns(web.rig, 'worker', 1);
});

const BROKEN = {
  'a syntax error': {
    text: `${server('v2')}const = 3;\n`,
    shown: /SyntaxError/,
    line: 6,
  },
  'a throw at the start': {
    text: server('v2', "throw new Error('no database');"),
    shown: /no database/,
    line: 2,
  },
};

it.each(Object.entries(BROKEN))(
  '%s: the run before goes on, and the next save mends it',
  async (_, broken) => {
    const web = await servedWeb();
    const { rig } = web;
    web.save(broken.text);
    const failed = await rig.eventually(async () => (await rig.service('web')).editFailed, 'the failed edit');
    expect(failed).toMatchObject({ cause: { kind: 'edit' }, exit: { code: 1 } });
    expect(failed.message).toBe('ended with exit 1 before it could take over');
    expect(await rig.service('web')).toMatchObject({ state: 'ready', run: 1 });
    const status = (await rig.ok('status')).stdout;
    expect(status).toMatch(/web\s.*ready \(edit failed\)/);
    expect(status).toContain(failed.message);
    for (const command of [
      ['logs', 'web', '--run', String(failed.run)],
      ['why', 'web'],
    ]) {
      const { stdout } = await rig.ok(...command);
      expect(stdout, command.join(' ')).toMatch(broken.shown);
      expect(stdout, command.join(' ')).toContain(`web.mjs:${broken.line}`);
    }
    expect([...web.load.answers.keys()]).toEqual(['v1']);
    web.save(server('v3'));
    await web.answers('v3');
    await web.settled();
    await web.expectNoneFailed();
    expect((await rig.service('web')).editFailed).toBe(null);
    expect((await rig.ok('status')).stdout).not.toContain('edit failed');
  },
);

it('an edit that is never ready: the run before goes on', async () => {
  const web = await servedWeb({ service: { ready: { timeout: 5_000 } } });
  const { rig } = web;
  const logs = rig.beginCli(['logs', '-f', 'web']);
  web.save('setInterval(() => {}, 1000);\nconsole.log("idles");\n');
  const failed = await rig.eventually(async () => (await rig.service('web')).editFailed, 'the failed edit');
  expect(failed).toMatchObject({ run: 2, exit: null, message: 'not ready after 5 s' });
  expect((await rig.ok('status')).stdout).toMatch(/ready \(edit failed\)/);
  expect((await rig.ok('why', 'web')).stdout).toContain('not ready after 5 s');
  await rig.eventually(
    () => /failed to take over: not ready after 5 s; the run before it goes on/.test(logs.stderr()),
    'who follows the log is told',
  );
  web.save(server('v3'));
  await web.answers('v3');
  await web.settled();
  await web.expectNoneFailed();
});

it('restart of a broken server fails, and says that the run before goes on', async () => {
  const web = await servedWeb({ service: { watch: false } });
  web.save(`${server('v2')}const = 3;\n`);
  const restart = await web.rig.cli('restart', 'web');
  expect(restart.code).toBe(1);
  expect(`${restart.stdout}${restart.stderr}`).toContain('run 1 goes on');
  expect(`${restart.stdout}${restart.stderr}`).toContain('SyntaxError');
  expect(await web.rig.service('web')).toMatchObject({ state: 'ready', run: 1 });
  web.save(server('v3'));
  await web.rig.ok('restart', 'web');
  await web.answers('v3');
  await web.expectNoneFailed();
});

it('mode handoff: one run at a time, and no request fails', async () => {
  const web = await servedWeb({ service: { mode: 'handoff' } });
  for (const version of ['v2', 'v3']) {
    web.save(server(version));
    await web.answers(version);
  }
  await web.rig.ok('restart', 'web');
  await untilState(web.rig, 'web', 'ready');
  await web.expectNoneFailed();
  expect(await web.rig.service('web')).toMatchObject({ mode: 'handoff', run: 4 });
  expect(web.swaps).toBe(0);
  const [first, second] = entriesOf(web.rig, 'run-started', 'web');
  const [ended] = entriesOf(web.rig, 'run-ended', 'web');
  expect([first?.run, ended?.run, second?.run]).toEqual([1, 1, 2]);
  expect(ended?.at).toBeLessThanOrEqual(second?.at ?? 0);
});

it('restart --hard and mode plain stop first', async () => {
  const web = await servedWeb();
  await web.load.stop();
  await web.rig.ok('restart', 'web', '--hard');
  expect(await web.rig.service('web')).toMatchObject({ run: 2, state: 'ready' });
  web.rig.configure({ web: { command: ['node', 'servers/web.mjs'], port: web.port, mode: 'plain' } });
  await web.rig.ok('start');
  expect((await web.rig.service('web')).mode).toBe('plain');
  web.save(server('v2'));
  await web.rig.eventually(async () => (await web.rig.service('web')).run === 3, 'run 3');
  await untilState(web.rig, 'web', 'ready');
  await web.rig.ok('restart', 'web');
  expect(await web.rig.service('web')).toMatchObject({ run: 4, state: 'ready', mode: 'plain' });
  expect(web.swaps).toBe(0);
});

it('after an edit that failed, start still applies a configuration that has changed', async () => {
  const web = await servedWeb({ service: { restart: { maxFailures: 1 } } });
  web.save(server('v2', "if (!process.env.NEEDED) throw new Error('NEEDED is missing');"));
  await web.rig.eventually(async () => (await web.rig.service('web')).editFailed !== null, 'it fails');
  web.rig.configure({ web: { command: ['node', FILE], port: web.port, env: { NEEDED: '1' } } });
  await web.rig.ok('start');
  await web.answers('v2');
  expect((await web.rig.service('web')).cause).toMatchObject({ kind: 'config' });
  await web.expectNoneFailed();
});

it('a service that begins its process again and again leaves no control sockets of those that are gone', async () => {
  const rig = await testRig();
  const port = await rig.port();
  rig.write(
    'app.cjs',
    "require('node:http').createServer((_, response) => response.end(String(process.pid), () => process.exit())).listen(process.env.PORT);",
  );
  rig.write(
    'again.cjs',
    "const again = () => require('node:child_process').fork('app.cjs').on('exit', again);\nagain();",
  );
  rig.configure({ web: { command: 'node again.cjs', port } });
  await rig.ok('start');
  const controls = () =>
    readdirSync(rig.runtimeDir, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\/\w+\.1(\.\d+)?$/.test(name),
    );
  const pids = new Set<string>();
  const ask = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
    pids.add(await answer.text());
    return pids.size >= 5;
  };
  await rig.eventually(() => ask().catch(() => false), 'five processes have answered');
  await rig.eventually(() => controls().length <= 2, 'the first one and the last one');
  expect(controls().length).toBeGreaterThan(0);
});
