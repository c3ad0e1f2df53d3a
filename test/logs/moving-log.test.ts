/** A log whose folder changes while runs print: each run's lines stay together, each line once. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { indexFolder } from '../../src/logs/layout.ts';
import { createMovingLog, type LogPlace, type MovingLog } from '../../src/logs/moving-log.ts';
import { eventually } from '../rig/eventually.ts';
import { enterRoom, numbered, type Room } from './room.ts';

let room: Room;
let opened: MovingLog[];
beforeEach(() => {
  room = enterRoom();
  opened = [];
});
afterEach(() => {
  for (const log of opened) log.close();
  room.leave();
});

const placeAt = (folder: string): LogPlace => ({
  logDir: join(room.root, folder),
  maxSize: 1024 * 1024,
  keep: 3,
});
const text = (folder: string, file = 'web.log') => {
  const path = join(room.root, folder, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};
const shows = (folder: string, expected: string) =>
  eventually(() => text(folder) === expected, `${JSON.stringify(expected)} in ${folder}`);
const checkpoints = () =>
  readdirSync(indexFolder(room.root, 'web')).filter((name) => name.startsWith('checkpoint'));

function open(place: LogPlace): MovingLog {
  const log = createMovingLog({
    service: 'web',
    root: room.root,
    indexDir: indexFolder(room.root, 'web'),
    clock: Date,
    ...place,
  });
  opened.push(log);
  return log;
}

it('a run that began before goes on where it began, the next one is in the new folder', async () => {
  const log = open(placeAt('old'));
  log.attach(1, room.spool(1));
  room.print(1, 'a\n');
  await shows('old', 'a\n');
  log.move(placeAt('new'));
  log.attach(2, room.spool(2));
  room.print(2, 'x\n');
  room.print(1, 'b\n');
  await shows('new', 'x\n');
  await shows('old', 'a\nb\n');
  room.print(1, 'c\n');
  await log.finish(1);
  expect([text('old'), text('new')]).toEqual(['a\nb\nc\n', 'x\n']);
  expect(checkpoints()).toHaveLength(1);
});

it('and so it does under the next daemon, which loses and doubles nothing', async () => {
  const log = open(placeAt('old'));
  log.attach(1, room.spool(1));
  room.print(1, 'a\n');
  await shows('old', 'a\n');
  log.move(placeAt('new'));
  log.attach(2, room.spool(2));
  room.print(2, 'x\n');
  await shows('new', 'x\n');
  log.close();
  room.print(1, 'b\n');
  room.print(2, 'y\n');
  const next = open(placeAt('new'));
  next.attach(1, room.spool(1));
  next.attach(2, room.spool(2));
  await Promise.all([next.finish(1), next.finish(2)]);
  expect([text('old'), text('new')]).toEqual(['a\nb\n', 'x\ny\n']);
  expect(checkpoints()).toHaveLength(1);
});

it('there and back again while a run prints: its folder is the one that it began in', async () => {
  const log = open(placeAt('old'));
  log.attach(1, room.spool(1));
  log.move(placeAt('new'));
  log.attach(2, room.spool(2));
  log.move(placeAt('old'));
  log.attach(3, room.spool(3));
  for (const run of [1, 2, 3]) room.print(run, `${run}\n`);
  await Promise.all([1, 2, 3].map((run) => log.finish(run)));
  expect([text('old').split('\n').sort(), text('new')]).toEqual([['', '1', '3'], '2\n']);
});

it('its size and the number of old files may change under it', async () => {
  const log = open({ ...placeAt('old'), maxSize: 100_000, keep: 1 });
  log.attach(1, room.spool(1));
  room.print(1, numbered(0, 200));
  await shows('old', numbered(0, 200));
  log.move({ ...placeAt('old'), maxSize: 1_000, keep: 5 });
  room.print(1, numbered(200, 500));
  await log.finish(1);
  const files = readdirSync(join(room.root, 'old'));
  expect(files.length).toBeGreaterThan(2);
  expect(text('old').length).toBeLessThanOrEqual(1_000);
  const all = files
    .sort()
    .reverse()
    .map((file) => text('old', file));
  expect(all.join('')).toBe(numbered(0, 500));
});

it('a problem of the folder that was left is told until its lines are there', async () => {
  const problems: (string | null)[] = [];
  writeFileSync(join(room.root, 'old'), 'a file in the way');
  const log = createMovingLog({
    service: 'web',
    root: room.root,
    indexDir: indexFolder(room.root, 'web'),
    clock: Date,
    onProblem: (problem) => problems.push(problem),
    ...placeAt('old'),
  });
  opened.push(log);
  log.attach(1, room.spool(1));
  room.print(1, 'a\n');
  await eventually(() => problems.length === 1, 'a problem');
  const finished = log.finish(1);
  log.move(placeAt('new'));
  log.attach(2, room.spool(2));
  room.print(2, 'x\n');
  await finished;
  await shows('new', 'x\n');
  expect(problems.at(-1)).toMatch(/^The log of web cannot be written/);
  rmSync(join(room.root, 'old'));
  await shows('old', 'a\n');
  await eventually(() => problems.at(-1) === null, 'the end of the problem');
});
