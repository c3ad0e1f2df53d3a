/** `upkeep wait`: what one has just written is what runs, or one is told why not. */
import { expect, it } from 'vitest';
import { WaitReport } from '../../src/contract/api/wait.ts';
import { testRig } from '../rig/rig.ts';
import { ask, openGateway } from './gateway-rig.ts';
import { openLazy, openShop } from './wait-rig.ts';

it('an edit of the last moment is waited for, time and again', async () => {
  const { rig, say, answer } = await openShop();
  for (const word of ['second', 'third', 'fourth']) {
    say(word);
    const { stdout } = await rig.ok('wait', '--edit', 'lib/word.cjs', '--json');
    expect(await answer()).toBe(word);
    const report = WaitReport.parse(JSON.parse(stdout));
    expect(report).toMatchObject({ outcome: 'ready', files: ['lib/word.cjs'] });
    expect(report.services.map(({ service }) => service).sort()).toEqual(['api', 'web']);
    expect(report.services[0]?.cause).toMatchObject({ kind: 'edit', files: ['lib/word.cjs'] });
  }
  // Without a file: whatever has changed.
  say('fifth');
  await rig.ok('wait');
  expect(await answer()).toBe('fifth');
  // By name: nothing has changed, and it is ready.
  expect((await rig.ok('wait', 'web')).stdout).toContain('✔ web is ready');
});

it('a broken edit: the error with its file, line and code; mended, it is live', async () => {
  const { rig, say, answer } = await openShop();
  rig.write('lib/word.cjs', "const a = 1;\nthrow new TypeError('boom');\n");
  const { code, stdout } = await rig.cli('wait', '--edit', 'lib/word.cjs', '--json');
  expect(code).toBe(1);
  const report = WaitReport.parse(JSON.parse(stdout));
  expect(report.outcome).toBe('failed');
  expect(report.services[0]).toMatchObject({
    ok: false,
    problem: { type: 'TypeError', message: 'boom', file: 'lib/word.cjs', line: 2 },
  });
  expect(report.services[0]?.problem?.frame).toContain("> 2 | throw new TypeError('boom');");
  const words = await rig.cli('wait');
  expect(words.code).toBe(1);
  expect(words.stdout).toContain('TypeError: boom\n  at lib/word.cjs:2:7');
  say('mended');
  await rig.ok('wait', '--edit', 'lib/word.cjs');
  expect(await answer()).toBe('mended');
});

it('who is not concerned is not waited for; what does not exist is an error', async () => {
  const { rig } = await openShop();
  rig.write('lib/other.cjs', '');
  const nobody = await rig.ok('wait', '--edit', 'lib/other.cjs', '--json');
  expect(WaitReport.parse(JSON.parse(nobody.stdout))).toMatchObject({ outcome: 'nobody', services: [] });
  expect((await rig.ok('wait', '--edit', 'lib/other.cjs')).stdout).toMatch(/^Concerns nobody/);
  rig.write('servers/alone.cjs', 'setInterval(() => {}, 1e5);\n');
  const leftOut = await rig.ok('wait', '--edit', 'servers/alone.cjs');
  expect(leftOut.stdout).toMatch(/^Concerns nobody[\s\S]*alone: leaves it out by its `watch`/);
  const only = await rig.ok('wait', 'alone', '--edit', 'lib/word.cjs', '--json');
  expect(WaitReport.parse(JSON.parse(only.stdout)).outcome).toBe('nobody');
  const missing = await rig.cli('wait', '--edit', 'lib/wrod.cjs');
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('There is no file')]);
  expect((await rig.cli('wait', '--timeout', 'soon')).code).toBe(2);
  await rig.ok('stop', 'alone');
  const stopped = await rig.cli('wait', 'alone');
  expect([stopped.code, stopped.stdout]).toEqual([1, expect.stringContaining('upkeep start alone')]);
});

it('who is not watched is no reason to wait, and is told as that', async () => {
  const rig = await testRig();
  rig.write('lib.cjs', '');
  rig.write('web.cjs', "require('./lib.cjs');\nsetInterval(() => {}, 1e6);\n");
  rig.configure({ web: { command: 'node web.cjs', watch: false } });
  await rig.ok('start');
  const { stdout } = await rig.ok('wait', '--edit', 'lib.cjs');
  expect(stdout).toMatch(/^Concerns nobody[\s\S]*web: is not watched \(watch: false\)/);
});

it('an edit that has brought a run counts, though that run has not loaded the file, or has failed', async () => {
  const { rig, ask } = await openLazy();
  expect(await ask()).toBe('one');
  rig.write('lz.cjs', "module.exports = 'two';");
  await rig.eventually(async () => (await rig.service('web')).run === 2, 'the next run serves');
  expect((await rig.ok('wait', '--edit', 'lz.cjs')).stdout).toContain(
    '✔ web is ready (run 2: lz.cjs changed',
  );
  expect(await ask()).toBe('two');
  rig.write('broken', '');
  rig.write('lz.cjs', "module.exports = 'three';");
  await rig.eventually(async () => (await rig.service('web')).editFailed !== null, 'the edit fails');
  const failed = await rig.cli('wait', '--edit', 'lz.cjs');
  expect([failed.code, failed.stdout]).toEqual([
    1,
    expect.stringContaining('✖ web ended with exit 1 before it could take over'),
  ]);
});

it('gives up in time, and needs somebody to wait for', async () => {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({ slow: { port, does: [] } });
  const nothing = await rig.cli('wait');
  expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining('Nothing runs here')]);
  const missing = await rig.cli('wait', '--edit', 'no.js');
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('There is no file')]);
  await rig.ok('start', '--no-wait');
  const { code, stdout } = await rig.cli('wait', '--timeout', '200ms', '--json');
  expect(code).toBe(1);
  expect(WaitReport.parse(JSON.parse(stdout))).toMatchObject({
    outcome: 'timeout',
    services: [{ service: 'slow', ok: false, state: 'starting' }],
  });
});

it('of whom it gave up on it tells the last words; who was not begun has none', async () => {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({
    slow: { command: 'sh -c "echo booting; sleep 100"', port },
    mute: { port: await rig.port(), does: [] },
    after: { dependsOn: ['slow'] },
    lost: { cwd: 'nowhere' },
  });
  const started = await rig.cli('start', 'lost');
  expect([started.code, started.stderr]).toEqual([1, expect.stringContaining('cannot be started')]);
  expect(started.stderr).not.toContain('It printed nothing');
  const lost = await rig.cli('wait', 'lost');
  expect([lost.code, lost.stdout]).toEqual([1, expect.stringMatching(/^✖ lost cannot be started: .*\n$/)]);
  await rig.ok('start', '--no-wait', 'after', 'mute');
  const told = await rig.eventually(async () => {
    const { code, stdout } = await rig.cli('wait', 'slow', 'after', 'mute', '--timeout', '500ms');
    expect(code).toBe(1);
    return stdout.includes('booting') && stdout;
  }, 'its words are told');
  expect(told).toMatch(/✖ slow is starting after [^✖]*\n {2}│ booting\n/);
  expect(told).toMatch(/✖ mute is starting after [^✖]*\n {2}It printed nothing\.\n/);
  expect(told).toMatch(/✖ after is starting after [^\n]*waiting for slow[^\n]*\n(?! {2})/);
});

it('over HTTP: the same, with the error, and an end when time is up or whoever asked is gone', async () => {
  const { rig, say, answer } = await openShop();
  const { upkeep, address, token } = await openGateway(rig);
  say('second');
  expect(await upkeep.wait({ files: ['lib/word.cjs'] })).toMatchObject({
    outcome: 'ready',
    files: ['lib/word.cjs'],
  });
  expect(await answer()).toBe('second');
  rig.write('lib/word.cjs', "throw new TypeError('boom');\n");
  expect(await upkeep.wait({ files: ['lib/word.cjs'], services: ['web'] })).toMatchObject({
    outcome: 'failed',
    services: [{ service: 'web', ok: false, problem: { type: 'TypeError', file: 'lib/word.cjs', line: 1 } }],
  });
  // What failed is shown with its code among the runs.
  expect((await upkeep.runs('web')).runs[0]).toMatchObject({
    error: { type: 'TypeError', file: 'lib/word.cjs' },
    repeats: { times: 1 },
    problem: { frame: expect.arrayContaining(["> 1 | throw new TypeError('boom');"]) },
  });
  rig.write('lib/word.cjs', 'for (;;);\n');
  expect(await upkeep.wait({ files: ['lib/word.cjs'], timeout: 300 })).toMatchObject({ outcome: 'timeout' });
  const gone = new AbortController();
  const waiting = upkeep.wait({ files: ['lib/word.cjs'] }, gone.signal);
  setImmediate(() => gone.abort());
  await expect(waiting).rejects.toThrow();
  const wrong = await ask(
    address,
    '/api/wait',
    { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    { method: 'POST', body: '{"timeout":-1}' },
  );
  expect([wrong.status, wrong.body]).toEqual([400, expect.stringContaining('timeout')]);
  expect(rig.read('.upkeep/gateway.log')).toBe('');
});
