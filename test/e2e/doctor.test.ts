/** `upkeep doctor`: what is wrong, and how to mend it. */
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import type { Chapter } from '../../src/cli/doctor/examine.ts';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { ExitCode } from '../../src/contract/exit-codes.ts';
import { signalExactly } from '../rig/processes.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import { guardOf, livingDaemon } from './support.ts';

async function findings(rig: Rig): Promise<{ code: number | null; all: Finding[] }> {
  const result = await rig.cli('doctor', '--json');
  const { chapters } = result.json<{ chapters: Chapter[] }>();
  return { code: result.code, all: chapters.flatMap((chapter) => chapter.findings) };
}

it('finds a sound workspace sound, before and while its services run', async () => {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({ web: { port } });
  const before = await findings(rig);
  expect(before.all.filter(({ level }) => level === 'bad')).toEqual([]);
  expect(before.code).toBe(0);
  await rig.ok('start');
  const { all } = await findings(rig);
  const texts = all.map(({ text }) => text).join('\n');
  expect(texts).toMatch(/The daemon runs \(pid \d+, Upkeep [\d.]+\) and is guarded/);
  expect(texts).toContain(`Port ${port} of web is held by itself`);
  expect((await rig.ok('doctor')).stdout).toContain('  ✔ Node');
});

it('names the stranger on a port, and exits with 1', async () => {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({ web: { port } });
  const stranger = createServer();
  await new Promise<void>((resolve) => stranger.listen(port, resolve));
  try {
    const { code, stdout } = await rig.cli('doctor');
    expect(code).toBe(1);
    expect(stdout).toContain(`✖ Port ${port} of web is held by pid ${process.pid} (`);
  } finally {
    stranger.close();
  }
});

it('misses a guard', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  await rig.ok('start');
  const guard = guardOf(livingDaemon(rig));
  signalExactly(guard, 'SIGKILL');
  const noGuard = async () => (await findings(rig)).all.some(({ text }) => text.includes('has no guard'));
  await rig.eventually(noGuard, 'the guard is missed');
});

it('a daemon that a signal has stopped is told by doctor, and by a command that waits for it', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  await rig.ok('start');
  const daemon = livingDaemon(rig);
  signalExactly(daemon, 'SIGSTOP');
  try {
    const { code, all } = await findings(rig);
    expect(code).toBe(1);
    expect(all.find(({ level }) => level === 'bad')).toMatchObject({
      text: expect.stringContaining('has been stopped by a signal'),
      mend: expect.stringContaining(`kill -CONT ${daemon.pid}`),
    });
    const restart = await rig.cli('restart', 'web');
    expect(restart.code).toBe(ExitCode.daemon);
    expect(restart.stderr).toContain(`"kill -CONT ${daemon.pid}" lets it go on. Its services run.`);
  } finally {
    signalExactly(daemon, 'SIGCONT');
  }
  await rig.ok('restart', 'web');
});

it('tells what is wrong with the configuration, and that there is none', async () => {
  const rig = await testRig();
  rig.write('upkeep.config.json', '{"services": {"web": {"comand": "x"}}}');
  const { code, all } = await findings(rig);
  expect(code).toBe(1);
  expect(all.find(({ level }) => level === 'bad')?.text).toContain('comand');
  const nowhere = await rig.beginCli(['doctor'], { cwd: rig.runtimeDir }).done;
  expect(nowhere).toMatchObject({ code: 1, stdout: expect.stringContaining('upkeep init') });
});
