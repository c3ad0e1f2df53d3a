import { expect, it } from 'vitest';
import { leftovers, type Mark, type Picture } from '../../../src/cli/clean/leftovers.ts';
import type { ServiceSnapshot } from '../../../src/contract/snapshot.ts';
import type { ProcessInfo } from '../../../src/platform/proc.ts';

const SELF = 900;
const DAEMON = 50;

function info(pid: number, ppid: number, session = pid): ProcessInfo {
  return { pid, ppid, pgid: session, session, start: pid * 10, zombie: false, cpu: 0, memory: 0 };
}

/** guard 40 → daemon 50; shim 60 → wrapper 61 → web 62 → its child 63; 64 left its session and its parent. */
const table = [
  info(40, 1),
  info(DAEMON, 40, 40),
  info(60, 1),
  info(61, 60, 60),
  info(62, 61),
  info(63, 62, 62),
  info(64, 1),
  info(70, 1),
  info(SELF, 1),
];
const web = (run: number | null): Mark => ({ service: 'web', run });
const marks = new Map<number, Mark>([
  [60, web(null)],
  [61, web(null)],
  [62, web(3)],
  [63, web(3)],
  [64, web(3)],
]);

function service(state: object, lastRun = 3): ServiceSnapshot {
  return {
    name: 'web',
    state,
    lastRun,
    process: { pid: 62, start: 620 },
    shim: { pid: 60, start: 600 },
  } as unknown as ServiceSnapshot;
}

function found(picture: Partial<Picture> = {}): number[] {
  const all = new Map(table.map((each) => [each.pid, each]));
  return leftovers({ all, marked: marks, self: SELF, daemon: null, ...picture }).map(({ pid }) => pid);
}

const daemon = (services: ServiceSnapshot[], shims = [{ pid: 60, start: 600 }]) => ({
  process: { pid: DAEMON, start: DAEMON * 10 },
  services,
  shims,
});

it('without a daemon everything with the mark is left over, and nothing else', () => {
  expect(found()).toEqual([60, 61, 62, 63, 64]);
  expect(found({ marked: new Map() })).toEqual([]);
});

it('a living daemon keeps what its services run, also what left its session', () => {
  expect(found({ daemon: daemon([service({ kind: 'ready', run: 3 })]) })).toEqual([]);
});

it('an older run that escaped is left over beside the current one', () => {
  const marked = new Map([...marks, [64, web(2)] as const]);
  expect(found({ marked, daemon: daemon([service({ kind: 'ready', run: 3 })]) })).toEqual([64]);
});

it('what a stopped service left is left over; its shim is the daemon’s to end', () => {
  const stopped = { ...service({ kind: 'stopped' }), process: null, shim: null };
  expect(found({ daemon: daemon([stopped], []) })).toEqual([60, 61, 62, 63, 64]);
  expect(found({ daemon: daemon([stopped]) })).toEqual([64]);
});

it('a run newer than the snapshot is just being started', () => {
  const stopped = { ...service({ kind: 'waiting' }), process: null, shim: null };
  const marked = new Map([[70, web(4)]]);
  expect(found({ marked, daemon: daemon([stopped], []) })).toEqual([]);
});

it('a pid that is somebody else by now protects nobody', () => {
  const all = new Map(table.map((each) => [each.pid, each]));
  all.set(60, { ...info(60, 1), start: 7 });
  const stopped = { ...service({ kind: 'stopped' }), process: null, shim: null };
  expect(leftovers({ all, marked: marks, self: SELF, daemon: daemon([stopped]) }).length).toBe(5);
});

it('neither the daemon and its guard, nor this command and the shell above it, whatever their marks', () => {
  const marked = new Map([40, DAEMON, SELF, 70].map((pid) => [pid, web(1)]));
  const all = new Map(table.map((each) => [each.pid, each]));
  all.set(SELF, info(SELF, 70));
  expect(found({ all, marked, daemon: daemon([service({ kind: 'ready', run: 3 })]) })).toEqual([]);
});

it('zombies are dead already', () => {
  const all = new Map([[64, { ...info(64, 1), zombie: true }]]);
  expect(found({ all })).toEqual([]);
});
