import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { enterRoom, type Room } from './room.ts';

let room: Room;
beforeEach(() => {
  room = enterRoom();
});
afterEach(() => room.leave());

const MB = 1024 * 1024;

it('says that a run floods, and when most of its output has been copied', async () => {
  const told: [number, boolean][] = [];
  const log = room.log({ maxSize: 1024 * MB, onFlood: (...flood) => told.push(flood) });
  room.print(1, Buffer.alloc(100 * MB, 'a line of a flood\n'));
  log.attach(1, room.spool(1));
  await vi.waitFor(
    () =>
      expect(told).toEqual([
        [1, true],
        [1, false],
      ]),
    20_000,
  );
  await log.finish(1);
  expect(room.text().length).toBe(100 * MB);
});

it('does not say so of a run that prints much, but no more than is copied', async () => {
  const told: boolean[] = [];
  const log = room.log({ maxSize: 1024 * MB, onFlood: (_, floods) => told.push(floods) });
  room.print(1, Buffer.alloc(40 * MB, 'a line\n'));
  log.attach(1, room.spool(1));
  await log.finish(1);
  expect(told).toEqual([]);
});
