/** An edit restarts the server that it concerns, once; a save without a change restarts nothing. */
import { readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Invocation } from '../rig/invocation.ts';
import { isAlive } from '../rig/processes.ts';
import { type Rig, type RigService, testRig } from '../rig/rig.ts';
import { answeringPid, expectRuns, livingDaemon, nextDaemon, untilState } from './support.ts';

async function started(
  extra: Partial<RigService> = {},
): Promise<{ rig: Rig; port: number; web: Invocation }> {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({ web: { port, ...extra }, other: {} });
  await rig.ok('start');
  return { rig, port, web: await rig.nextInvocation('web') };
}

let edits = 0;

/** A change of content that is another one each time. */
function edit(rig: Rig, name: string): void {
  writeFileSync(rig.path(rig.entry(name)), `${rig.read(rig.entry(name))}// edit ${++edits}\n`);
}

/** That nothing happened cannot be awaited: an edit that counts is made after it, and is the only one seen. */
async function expectNoRestartSo(rig: Rig, runs: number): Promise<void> {
  edit(rig, 'web');
  await rig.nextInvocation('web');
  const status = await untilState(rig, 'web', 'ready');
  expect(status.run).toBe(runs + 1);
  await expectRuns(rig, 'web', runs + 1);
}

it('an edit of its file restarts a server, and only it', async () => {
  const { rig, port, web } = await started();
  edit(rig, 'web');
  const next = await rig.nextInvocation('web');
  const status = await untilState(rig, 'web', 'ready');
  expect(status.cause).toEqual({ kind: 'edit', files: [rig.entry('web')], via: [rig.entry('web')] });
  expect(status).toMatchObject({ run: 2, restarts: 1 });
  expect(isAlive(web.pid)).toBe(false);
  expect(await answeringPid(port)).toBe(next.pid);
  await expectRuns(rig, 'other', 1);
});

it('each further edit does so again', async () => {
  const { rig } = await started({ watch: { quiet: 50 } });
  for (let run = 2; run <= 5; run++) {
    edit(rig, 'web');
    await rig.nextInvocation('web');
    await untilState(rig, 'web', 'ready');
    expect((await rig.service('web')).run).toBe(run);
  }
});

it('a touch, and a save of the same content, restart nothing', async () => {
  const { rig } = await started();
  const file = rig.path(rig.entry('web'));
  const now = new Date();
  utimesSync(file, now, now);
  writeFileSync(file, readFileSync(file));
  writeFileSync(`${file}.tmp`, readFileSync(file));
  renameSync(`${file}.tmp`, file);
  await expectNoRestartSo(rig, 1);
});

it('a save by rename counts, again and again', async () => {
  const { rig } = await started({ watch: { quiet: 50 } });
  const file = rig.path(rig.entry('web'));
  for (let run = 2; run <= 4; run++) {
    writeFileSync(`${file}.new`, `${readFileSync(file, 'utf8')}// renamed ${run}\n`);
    renameSync(`${file}.new`, file);
    await rig.nextInvocation('web');
    await untilState(rig, 'web', 'ready');
  }
  await expectRuns(rig, 'web', 4);
});

/** So often, and not more: a run that is begun early and set aside is no restart. */
async function restarted(rig: Rig, times: number): Promise<void> {
  await rig.eventually(async () => (await rig.service('web')).restarts >= times, `${times} restarts`);
  expect(await untilState(rig, 'web', 'ready')).toMatchObject({ restarts: times, cause: { kind: 'edit' } });
}

it('a burst of saves is one restart', async () => {
  const { rig } = await started();
  for (let n = 0; n < 200; n++) edit(rig, 'web');
  await restarted(rig, 1);
  edit(rig, 'web');
  await restarted(rig, 2);
});

it('a file that is gone for a moment is no reason to crash', async () => {
  const { rig } = await started();
  const file = rig.path(rig.entry('web'));
  const text = readFileSync(file, 'utf8');
  rmSync(file);
  writeFileSync(file, `${text}// anew\n`);
  await rig.nextInvocation('web');
  const status = await untilState(rig, 'web', 'ready');
  expect(status.cause).toMatchObject({ kind: 'edit' });
});

it('a mistake is told, and the save that mends it brings the server back', async () => {
  const { rig, port } = await started({ mode: 'plain' });
  const good = rig.read(rig.entry('web'));
  rig.write(rig.entry('web'), 'this is not JavaScript\n');
  await untilState(rig, 'web', 'crashed');
  expect(rig.read('.server-logs/web.log')).toContain('SyntaxError');
  rig.write(rig.entry('web'), `${good}// mended\n`);
  const web = await rig.nextInvocation('web');
  const status = await untilState(rig, 'web', 'ready');
  expect(status.cause).toMatchObject({ kind: 'edit' });
  expect(await answeringPid(port)).toBe(web.pid);
});

it('a stopped server is not started by an edit, and its next start has the new code', async () => {
  const { rig } = await started();
  await rig.ok('stop', 'web');
  rig.fake('web', [{ do: 'ping' }]);
  edit(rig, 'web');
  edit(rig, 'other');
  await rig.nextInvocation('other');
  await rig.nextInvocation('other');
  await untilState(rig, 'other', 'ready');
  await expectRuns(rig, 'web', 1);
  expect((await rig.service('web')).state).toBe('stopped');
});

it('declared globs count, ignored ones and other files do not', async () => {
  const { rig } = await started({ watch: { include: ['lib/**/*.txt'], ignore: ['**/*.skip.txt'] } });
  rig.write('lib/a/one.skip.txt', 'x');
  rig.write('elsewhere/two.txt', 'x');
  rig.write('node_modules/thing/three.txt', 'x');
  rig.write('lib/a/b/four.txt', 'x');
  await rig.nextInvocation('web');
  const status = await untilState(rig, 'web', 'ready');
  expect(status.cause).toEqual({ kind: 'edit', files: ['lib/a/b/four.txt'] });
  await expectRuns(rig, 'web', 2);
});

it('watch: false is left alone', async () => {
  const { rig } = await started({ watch: false });
  edit(rig, 'web');
  edit(rig, 'other');
  await rig.nextInvocation('other');
  await rig.nextInvocation('other');
  await untilState(rig, 'other', 'ready');
  await expectRuns(rig, 'web', 1);
});

it('an edit is seen by a daemon that came back', async () => {
  const { rig } = await started();
  const daemon = livingDaemon(rig);
  process.kill(daemon.pid, 'SIGKILL');
  await nextDaemon(rig, daemon);
  await untilState(rig, 'web', 'ready');
  edit(rig, 'web');
  await rig.nextInvocation('web');
  expect((await untilState(rig, 'web', 'ready')).cause).toMatchObject({ kind: 'edit' });
});

it('a save without a change stays without one when another service is started later', async () => {
  const { rig } = await started();
  await rig.ok('stop', 'other');
  writeFileSync(rig.path(rig.entry('web')), rig.read(rig.entry('web')));
  utimesSync(rig.path(rig.entry('web')), new Date(), new Date());
  await rig.ok('start', 'other');
  await rig.nextInvocation('other');
  await rig.ok('restart', 'other');
  await expectNoRestartSo(rig, 1);
});
