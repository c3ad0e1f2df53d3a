/** A real process on standby below a real shim: that it becomes a run, or that nothing of it is left. */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ProcessId } from '../../src/contract/process-id.ts';
import { isAlive, type ProcessInfo } from '../../src/platform/proc.ts';
import { launchScript } from '../../src/process/launch-script.ts';
import type { StandbyPlace } from '../../src/process/standby.ts';
import { machineTools } from '../../src/process/tools.ts';
import { eventually } from '../rig/eventually.ts';
import { findMarked } from '../rig/processes.ts';
import { enterRoom, type Room, recordOf } from './room.ts';

/** Reads its FIFO, as the hook does, and is something else when that has come to its end. */
const WAITS = 'read -r line <"$FIFO"; echo released; exec sleep 1000';

const sh = (text: string) => ['sh', '-c', text];

async function prepared(room: Room, text = WAITS, onEnd = () => {}): Promise<StandbyPlace> {
  const place = room.runs.standby.place() as StandbyPlace;
  const env = { UPKEEP_RUN: place.name, FIFO: place.fifo };
  const script = launchScript({ command: { argv: sh(text) }, cwd: '/', env }, machineTools());
  expect(await room.runs.standby.prepare(place, script, () => true, onEnd)).toBe(true);
  return place;
}

async function onStandby(room: Room): Promise<StandbyPlace> {
  room.launch(1, ['sleep', '1000']);
  await room.started(1);
  await prepared(room);
  return (await eventually(() => room.runs.standby.ready(), 'it waits')) as StandbyPlace;
}

const become = (room: Room, place: StandbyPlace) =>
  room.runs.launchStandby(recordOf(2, place.slot, room.processes), { run: 2, env: {} });
const processesOf = (place: StandbyPlace) => findMarked(`UPKEEP_RUN=${place.name}`, '/nowhere');
const folders = (room: Room) => readdirSync(join(room.root, 'runs/web')).filter((name) => name !== 'next');

it('becomes a run: told from then on, and not before', async () => {
  const room = enterRoom();
  const place = await onStandby(room);
  expect(room.told).toEqual(['started 1']);
  const [waits] = processesOf(place);
  const record = become(room, place);
  await eventually(() => room.told.includes('started 2'), 'its start');
  expect(room.runs.process(2)?.pid).toBe(waits?.pid);
  expect(room.folder(2).load()).toEqual(record);
  await room.printed(2, 'released');
  room.runs.kill(2);
  await room.gone(2);
  expect(room.told).toEqual(['started 1', 'started 2', 'exited 2 {"signal":"SIGKILL"}', 'gone 2']);
  expect(room.folder(2).readExit()?.exit).toEqual({ signal: 'SIGKILL' });
  room.folder(2).remove();
  expect(folders(room)).toEqual(['1']);
});

it('is dropped: nothing is told, nothing is left, its slot is free', async () => {
  const room = enterRoom();
  const place = await onStandby(room);
  await room.runs.standby.drop();
  expect(processesOf(place)).toEqual([]);
  expect(folders(room)).toEqual(['1']);
  expect(room.told).toEqual(['started 1']);
  expect(room.runs.standby.drop()).toBe(null);
  await eventually(() => room.runs.standby.place()?.slot === place.slot, 'its slot');
});

it('ends by itself: that is told once, and cleared away', async () => {
  const room = enterRoom();
  room.launch(1, ['sleep', '1000']);
  await room.started(1);
  let ends = 0;
  await prepared(room, 'exit 3', () => {
    ends += 1;
  });
  await eventually(() => ends === 1, 'its end');
  await room.runs.standby.drop();
  expect(folders(room)).toEqual(['1']);
  expect([room.told, ends]).toEqual([['started 1'], 1]);
});

it('of an earlier daemon is ended, and one that it made a run is adopted', async () => {
  const room = enterRoom();
  const place = await onStandby(room);
  const next = room.nextDaemon();
  next.runs.adopt(recordOf(1, 0, room.processes));
  next.runs.standby.endLeft();
  await eventually(() => processesOf(place).length === 0, 'its end');
  await eventually(() => !existsSync(join(room.root, 'runs/web', place.name)), 'its folder is gone');
  expect(next.told).toEqual([]);

  await prepared(next);
  const again = (await eventually(() => next.runs.standby.ready(), 'another one')) as StandbyPlace;
  const record = become(next, again);
  const third = next.nextDaemon();
  third.runs.adopt(recordOf(1, 0, room.processes));
  third.runs.adopt(record);
  third.runs.standby.endLeft();
  expect(third.runs.process(2)).toEqual(record.process);
  third.runs.kill(2);
  await third.gone(2);
  expect(third.exits.get(2)).toEqual({ signal: 'SIGKILL' });
  third.runs.kill(1);
  await third.gone(1);
});

it('neither takes anything of a run along nor is taken along, whenever that began', async () => {
  const room = enterRoom();
  room.launch(1, sh('until [ -e go ]; do sleep 0.02; done; (setsid env -i sleep 1001 &); exec sleep 1000'));
  await room.started(1);
  await prepared(room);
  const place = (await eventually(() => room.runs.standby.ready(), 'it waits')) as StandbyPlace;
  writeFileSync(join(room.root, 'go'), '');
  const isLate = ({ pid }: ProcessInfo) => room.processes.commandLine(pid) === 'sleep 1001';
  const late = (await eventually(() => room.runs.tree(1).find(isLate), 'a late child')) as ProcessInfo;
  become(room, place);
  room.runs.kill(1);
  await room.gone(1);
  expect(isAlive(room.processes, late)).toBe(false);
  const its = room.runs.process(2);
  expect(its !== null && isAlive(room.processes, its)).toBe(true);
  room.runs.kill(2);
  await room.gone(2);
});

it('was told to a shim that never came to it, and all that would say so was removed: runs end all the same', async () => {
  const room = enterRoom();
  const record = room.launch(1, ['sleep', '1000']);
  await room.started(1);
  const shim = room.runs.shim as ProcessId;
  process.kill(shim.pid, 'SIGSTOP');
  onTestFinished(() => {
    if (isAlive(room.processes, shim)) process.kill(shim.pid, 'SIGCONT');
  });
  const place = await prepared(room);
  const next = room.nextDaemon();
  next.runs.standby.endLeft();
  next.runs.adopt({ ...record, process: room.runs.process(1) });
  rmSync(join(room.root, 'shims/web/cmd'));
  rmSync(join(room.root, 'runs/web', place.name), { recursive: true });
  next.runs.kill(1);
  await next.gone(1);
});
