/** `.server-daemon-state.json` is what the specification says, and never half written. */
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { signalExactly } from '../rig/processes.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import { livingDaemon, nextDaemon, untilState } from './support.ts';

const FILE = '.server-daemon-state.json';

interface State {
  servers: string[];
  timestamp: string;
}

function stateOf(rig: Rig): State {
  return JSON.parse(rig.read(FILE)) as State;
}

function serversOf(rig: Rig): string[] {
  return [...stateOf(rig).servers].sort();
}

it('names the servers that are wanted, and the time', async () => {
  const rig = await testRig();
  rig.configure({ a: {}, b: {}, c: {} });
  const before = Date.now();
  await rig.ok('start', 'a', 'c');
  const state = stateOf(rig);
  expect(Object.keys(state)).toEqual(['servers', 'timestamp']);
  expect(state.servers).toEqual(['a', 'c']);
  expect(new Date(state.timestamp).toISOString()).toBe(state.timestamp);
  expect(Date.parse(state.timestamp)).toBeGreaterThanOrEqual(before);
  await rig.ok('start', 'b');
  expect(serversOf(rig)).toEqual(['a', 'b', 'c']);
  await rig.ok('stop', 'a');
  expect(serversOf(rig)).toEqual(['b', 'c']);
  await rig.ok('stop');
  expect(serversOf(rig)).toEqual([]);
});

it('keeps a server that crashed: it is still wanted', async () => {
  const rig = await testRig();
  rig.configure({ a: { does: [{ do: 'exit', code: 1 }] }, b: {} });
  await rig.cli('start');
  await untilState(rig, 'a', 'crashed');
  expect(serversOf(rig)).toEqual(['a', 'b']);
});

it('can be read at every instant, and is replaced as a whole', async () => {
  const rig = await testRig();
  rig.configure({ a: {}, b: {}, c: {} });
  await rig.ok('start', 'a');
  const inodes = new Set<number>();
  const bad: string[] = [];
  let reading = true;
  const reader = (async () => {
    while (reading) {
      const text = readFileSync(rig.path(FILE), 'utf8');
      inodes.add(statSync(rig.path(FILE)).ino);
      if (!isWhole(text)) bad.push(text);
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  for (let round = 0; round < 3; round++) {
    await rig.ok('start', 'b', 'c');
    await rig.ok('stop', 'b', 'c');
  }
  reading = false;
  await reader;
  expect(bad).toEqual([]);
  expect(inodes.size).toBeGreaterThan(1);
});

it('is what the next daemon starts from when everything is dead, as after a power cut', async () => {
  const rig = await testRig();
  rig.configure({ a: {}, b: {}, c: {} });
  await rig.ok('start', 'b');
  const b = await rig.nextInvocation('b');
  await rig.eventually(() => {
    for (const info of rig.processes()) signalExactly(info, 'SIGKILL');
    return rig.processes().length === 0;
  }, 'everything is dead');
  await b.gone;
  await rig.ok('start', 'a');
  await rig.nextInvocation('b');
  expect((await untilState(rig, 'b', 'ready')).wanted).toBe('up');
  expect((await rig.service('c')).state).toBe('stopped');
  expect(serversOf(rig)).toEqual(['a', 'b']);
});

function isWhole(text: string): boolean {
  try {
    const state = JSON.parse(text) as State;
    return Array.isArray(state.servers) && typeof state.timestamp === 'string';
  } catch {
    return false;
  }
}

it('that cannot be written holds up nothing else: status is right, and the next daemon goes on', async () => {
  const rig = await testRig();
  rig.configure({ a: {} });
  await rig.ok('start');
  await rig.ok('stop', 'a', '--json');
  rmSync(rig.path(FILE));
  mkdirSync(rig.path(`${FILE}/in-the-way`), { recursive: true });
  await rig.ok('start');
  const { stdout } = await rig.ok('status');
  expect(stdout).toMatch(/^a +ready/m);
  expect(stdout).toContain('what is started cannot be written down');
  const before = (await rig.status()).services[0]?.pid;
  const daemon = livingDaemon(rig);
  signalExactly(daemon, 'SIGKILL');
  await nextDaemon(rig, daemon);
  await untilState(rig, 'a', 'ready');
  expect((await rig.status()).services[0]?.pid).toBe(before);
  rmSync(rig.path(FILE), { recursive: true });
  await rig.eventually(() => serversOf(rig).length === 1, 'the state file is there again');
});
