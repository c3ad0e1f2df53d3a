/** `upkeep up`: services in the foreground, with their logs, until somebody says stop. */
import { expect, it } from 'vitest';
import { isAlive } from '../rig/processes.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import { daemonOf, untilState } from './support.ts';

async function begun(rig: Rig, ...args: string[]) {
  const up = rig.beginCli(['up', ...args]);
  await rig.eventually(() => up.stdout().includes('Ctrl-C stops'), 'up has started its services');
  return up;
}

it('shows first lines and progress, and Ctrl-C stops in order while logs go on', async () => {
  const rig = await testRig();
  rig.configure({
    db: {
      does: [
        { do: 'print', text: 'first words' },
        { do: 'onSignal', code: 0, say: 'last words' },
      ],
    },
    web: { dependsOn: ['db'] },
    other: {},
  });
  const up = await begun(rig, 'web');
  expect(up.stdout()).toContain('db  | first words');
  expect(up.stdout()).toMatch(/db {2}\| ● ready in/);
  expect(rig.invocations('other')).toEqual([]);
  up.child.kill('SIGINT');
  const { code, stdout } = await up.done;
  expect(code).toBe(0);
  const at = (text: string) => stdout.indexOf(text);
  expect(at('web | ○ stopped, had run for')).toBeGreaterThan(at('Stopping db, web'));
  expect(at('db  | ○ stopped, had run for')).toBeGreaterThan(at('web | ○ stopped, had run for'));
  expect(at('db  | last words')).toBeGreaterThan(at('Stopping db, web'));
  expect(daemonOf(rig)).toBe(null);
});

it('a second Ctrl-C kills at once', async () => {
  const rig = await testRig();
  rig.configure({ web: { does: [{ do: 'onSignal', code: null, say: 'not yet' }], stop: { grace: '10m' } } });
  const up = await begun(rig);
  up.child.kill('SIGINT');
  await rig.eventually(() => up.stdout().includes('not yet'), 'it ignores the first');
  up.child.kill('SIGINT');
  const { code, stdout } = await up.done;
  expect(code).toBe(0);
  expect(stdout).toContain('was killed');
  expect((await rig.service('web')).state).toBe('stopped');
});

it('a service that fails makes exit 1; the rest goes on, and what ran already is shown and stopped too', async () => {
  const rig = await testRig();
  rig.configure({ web: {}, weak: { does: [{ do: 'exit', code: 3 }], restart: { maxFailures: 1 } } });
  await rig.ok('start', 'web');
  const web = await rig.nextInvocation('web');
  const up = await begun(rig);
  expect(up.stdout()).toContain('Already running, to be stopped with the rest: web.');
  expect(up.stdout()).toContain('1 of 2 ready. weak: failed 1 times');
  await web.do({ do: 'print', text: 'still here' });
  await rig.eventually(() => up.stdout().includes('web  | still here'), 'the log of what ran already');
  up.child.kill('SIGTERM');
  expect((await up.done).code).toBe(1);
  expect(isAlive(web.pid)).toBe(false);
});

it('ends when another terminal stops all of its services', async () => {
  const rig = await testRig();
  rig.configure({ web: {}, other: {} });
  await rig.ok('start', 'other');
  const up = await begun(rig, 'web');
  await rig.ok('stop', 'web');
  expect(await up.done).toMatchObject({ code: 0, stdout: expect.stringContaining('by another command') });
  expect((await rig.service('other')).state).toBe('ready');
});

it('a closed terminal stops its services', async () => {
  const rig = await testRig();
  rig.configure({
    web: { does: [{ do: 'onSignal', signal: 'SIGTERM', code: 0, delay: 100, say: 'to nobody' }] },
  });
  const terminal = rig.terminal();
  terminal.type(rig.cliWords('up'));
  const web = await rig.nextInvocation('web');
  await untilState(rig, 'web', 'ready');
  await terminal.close();
  await rig.eventually(() => !isAlive(web.pid) && daemonOf(rig) === null, 'all has ended');
});

it('goes on when the daemon is killed', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  const up = await begun(rig);
  const web = await rig.nextInvocation('web');
  process.kill(daemonOf(rig)?.pid ?? 0, 'SIGKILL');
  await rig.eventually(() => up.stdout().includes('took it over'), 'the next daemon is told of');
  await web.do({ do: 'print', text: 'unmoved' });
  await rig.eventually(() => up.stdout().includes('unmoved'), 'the log goes on');
  up.child.kill('SIGINT');
  expect((await up.done).code).toBe(0);
  expect(isAlive(web.pid)).toBe(false);
});
