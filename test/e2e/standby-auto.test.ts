/** What waits without having been asked for, and what becomes of what waits when something else changes. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isAlive } from '../rig/processes.ts';
import { FILE } from './seamless-rig.ts';
import { ask, servedOnStandby, serversOf, tellingServer, untilWaits } from './standby-rig.ts';
import { entriesOf, untilState } from './support.ts';

const IDLE = ['node', '-e', 'setInterval(() => {}, 1e9)'];
/** Nothing is said in the configuration. */
const UNASKED = { standby: undefined };

it('what was edited once has one for the next edit, and status does not count it', async () => {
  const web = await servedOnStandby(UNASKED);
  const { rig } = web;
  web.save(tellingServer('v2'));
  await rig.eventually(async () => (await ask(web)).version === 'v2', 'v2 answers');
  const standby = await untilWaits(rig);
  const { pid } = await ask(web);
  await rig.eventually(async () => {
    const { memory } = await rig.service('web');
    return memory !== null && memory < residentOf(pid) + residentOf(standby.pid) / 2;
  }, 'the memory of the run alone');
  web.save(tellingServer('v3'));
  await rig.eventually(async () => (await ask(web)).version === 'v3', 'v3 answers');
  expect((await ask(web)).pid).toBe(standby.pid);
  const [first, second, third] = entriesOf(rig, 'run-ready', 'web') as { standby?: boolean }[];
  expect([first?.standby, second?.standby, third?.standby]).toEqual([undefined, undefined, true]);
});

it('four that are worked on: three have one, and when one of these stops the fourth may', async () => {
  const others = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, { command: IDLE }]));
  const web = await servedOnStandby(UNASKED, others);
  const { rig } = web;
  const idle = () => rig.processes().filter(({ command }) => command.endsWith(IDLE.join(' '))).length;
  // Each for itself: their processes are begun a second after the service is ready.
  for (const [index, name] of ['a', 'b', 'c'].entries()) {
    await rig.ok('restart', name);
    await rig.eventually(() => idle() === 4 + index, `one of ${name} waits`);
  }
  await rig.ok('restart', 'web');
  await rig.ok('stop', 'a');
  await rig.ok('restart', 'web');
  await rig.eventually(() => serversOf(rig).length === 2, 'one of web waits');
  expect(idle()).toBe(4);
});

it('standby: false: none', async () => {
  const web = await servedOnStandby({ standby: false });
  const { rig } = web;
  for (let round = 0; round < 3; round++) {
    await rig.ok('restart');
    // A process of what may have one is there by now.
    await rig.ok('restart', '--hard');
  }
  expect(entriesOf(rig, 'run-ready', 'web').filter((entry) => 'standby' in entry)).toEqual([]);
  expect(serversOf(rig)).toHaveLength(1);
});

it('mode handoff: it waits while the one before drains, and takes its place', async () => {
  const web = await servedOnStandby({ mode: 'handoff' });
  const standby = await untilWaits(web.rig);
  const before = await ask(web);
  await web.rig.ok('restart');
  expect((await ask(web)).pid).toBe(standby.pid);
  expect(isAlive(before.pid)).toBe(false);
});

it('what restarts after what it depends on comes from standby too', async () => {
  const web = await servedOnStandby(
    { dependsOn: [{ service: 'api', restart: true }] },
    { api: { command: IDLE, standby: false } },
  );
  const standby = await untilWaits(web.rig);
  await web.rig.ok('restart', 'api');
  await web.rig.eventually(async () => (await ask(web)).pid === standby.pid, 'web is another run');
  expect((await untilState(web.rig, 'web', 'ready')).cause).toEqual({ kind: 'dependency', service: 'api' });
});

it('clean leaves what waits alone', async () => {
  const web = await servedOnStandby();
  await untilWaits(web.rig);
  const { stdout } = await web.rig.ok('clean', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ daemonLives: true, processes: [] });
  await untilWaits(web.rig);
});

it('another configuration: what waits by the old one is not used', async () => {
  const web = await servedOnStandby();
  const { rig, port } = web;
  const standby = await untilWaits(rig);
  rig.configure({ web: { command: ['node', FILE], port, standby: true, env: { STANDBY_OF: 'new' } } });
  await rig.ok('restart');
  const told = await ask(web);
  expect(told.own).toEqual(expect.arrayContaining(['STANDBY_OF=new']));
  expect(told.pid).not.toBe(standby.pid);
  await rig.eventually(() => !isAlive(standby.pid), 'it is gone');
  expect((await untilWaits(rig)).pid).not.toBe(standby.pid);
});

/** Bytes. */
function residentOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
