/** Closing the terminal in which `start` was typed ends nothing, not even the restarts. */
import { expect, it } from 'vitest';
import { isAlive, lookUp } from '../rig/processes.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import { answeringPid, expectRuns, guardOf, livingDaemon, untilState } from './support.ts';

async function webRig(): Promise<{ rig: Rig; port: number }> {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({ web: { port } });
  return { rig, port };
}

/** Everything of it lives on, and the daemon still does its work. */
async function expectAlive(rig: Rig, port: number): Promise<void> {
  await untilState(rig, 'web', 'ready');
  const daemon = livingDaemon(rig);
  expect(isAlive(guardOf(daemon).pid)).toBe(true);
  const web = await rig.nextInvocation('web');
  expect(await answeringPid(port)).toBe(web.pid);
  await web.exit(1);
  const next = await rig.nextInvocation('web');
  await rig.eventually(async () => (await answeringPid(port)) === next.pid, 'the next run answers');
  expect(livingDaemon(rig).pid).toBe(daemon.pid);
  await expectRuns(rig, 'web', 2);
}

it.each([{ args: ['start'] }, { args: ['start', '--no-wait'] }])(
  'upkeep $args, then the terminal is closed',
  async ({ args }) => {
    const { rig, port } = await webRig();
    const terminal = rig.terminal();
    expect(await terminal.run(rig.cliWords(...args))).toMatchObject({ code: 0 });
    await terminal.close();
    await expectAlive(rig, port);
  },
);

it('the terminal is closed while start still waits', async () => {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({ web: { port, does: [] } });
  const terminal = rig.terminal();
  terminal.type(rig.cliWords('start'));
  const web = await rig.nextInvocation('web');
  await terminal.close();
  await web.listen(port);
  await untilState(rig, 'web', 'ready');
  expect(await answeringPid(port)).toBe(web.pid);
  expect(isAlive(guardOf(livingDaemon(rig)).pid)).toBe(true);
});

it('nothing of the daemon has a terminal, or is in the session of the shell', async () => {
  const { rig } = await webRig();
  const terminal = rig.terminal();
  await terminal.run(rig.cliWords('start'));
  const shell = rig.processes().find((info) => info.terminal !== 0 && info.session === info.pid);
  const daemon = livingDaemon(rig);
  const web = await rig.nextInvocation('web');
  for (const pid of [daemon.pid, guardOf(daemon).pid, web.pid]) {
    expect(lookUp(pid)).toMatchObject({ terminal: 0 });
    expect(lookUp(pid)?.session).not.toBe(shell?.pid);
  }
});

it('start in a pipeline lets the pipeline end', async () => {
  const { rig } = await webRig();
  const terminal = rig.terminal();
  // cat ends when the last writer of the pipe is gone: a daemon that kept it would hold the line for ever.
  expect(await terminal.run(`${rig.cliWords('start')} 2>&1 | cat`)).toMatchObject({ code: 0 });
  expect((await rig.service('web')).state).toBe('ready');
});
