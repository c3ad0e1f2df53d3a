/** A run that lives and whose record is garbled is not taken for one that never was. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mendRecords } from '../../src/daemon/mend-records.ts';
import { workspacePaths } from '../../src/platform/paths.ts';
import { enterRoom, type Room } from '../process/room.ts';
import { eventually } from '../rig/eventually.ts';

function mend(room: Room, mark = room.root.replaceAll(/\W/g, '')): Promise<boolean> {
  return mendRecords({ ...workspacePaths(room.root), runs: join(room.root, 'runs') }, mark, room.processes);
}

async function living(): Promise<Room> {
  const room = enterRoom();
  room.launch(3, ['sleep', '1000']);
  await room.started(3);
  return room;
}

async function end(room: Room): Promise<void> {
  room.runs.kill(3);
  await room.gone(3);
}

it.each(['', '{"run":', '[42]', null])(
  'a record with %j in it is written anew, and names its process',
  async (text) => {
    const room = await living();
    const process = room.runs.process(3);
    const file = join(room.folder(3).path, 'run.json');
    if (text === null) rmSync(file);
    else writeFileSync(file, text);
    expect(await mend(room)).toBe(true);
    expect(room.folder(3).load()).toMatchObject({ run: 3, slot: 0, exit: null, process });
    await end(room);
  },
);

it('a record of a run that has ended, or was never begun, stays as it is', async () => {
  const room = await living();
  await end(room);
  writeFileSync(join(room.folder(3).path, 'run.json'), '');
  expect(await mend(room)).toBe(false);
  expect(room.folder(3).load()).toBe(null);
});

it('a process that does not say to be this run is not taken for it', async () => {
  const room = await living();
  const bystander = enterRoom();
  bystander.launch(1, ['sleep', '1000']);
  await bystander.started(1);
  const line = () => bystander.folder(1).readPid();
  await eventually(() => line(), 'its pid');
  writeFileSync(
    join(room.folder(3).path, 'pid'),
    `${line()?.pid} (sleep) S 1 ${'0 '.repeat(17)}${line()?.start} 0 0`,
  );
  writeFileSync(join(room.folder(3).path, 'run.json'), '');
  expect(await mend(room)).toBe(false);
  bystander.runs.kill(1);
  await bystander.gone(1);
  await end(room);
});

it('tells that a run lives though its record is whole', async () => {
  const room = await living();
  expect(await mend(room)).toBe(true);
  await end(room);
  expect(await mend(room)).toBe(false);
});
