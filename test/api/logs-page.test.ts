/** Pages of logs: what one leaves out is in the next. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { logsPage } from '../../src/api/logs-page.ts';
import type { LogsQuery } from '../../src/contract/api/logs.ts';
import { enterRoom, numbered, type Room } from '../logs/room.ts';

let room: Room;
let now: number;
beforeEach(() => {
  room = enterRoom();
});
afterEach(() => room.leave());

/** A year in which epoch ms have their digits. */
const DAY = 1_700_000_000_000;

/** Lines `from` to `to`, before it, are printed at `time`, ms of that day. */
async function printed(run: number, from: number, to: number, time: number, service = 'web'): Promise<void> {
  now = DAY + time;
  const log = room.log({ clock: { now: () => now }, service });
  log.attach(run, room.spool(run, service));
  room.print(run, numbered(from, to), service);
  await log.finish(run);
  log.close();
}

const page = (query: LogsQuery, services = ['web']) =>
  logsPage({ root: room.root, logDir: room.logDir }, services, query, now);
const numbers = ({ lines }: ReturnType<typeof page>) => lines.map(({ text }) => Number(text.split(' ')[1]));

it('the page above a jump to a time ends with the line before it', async () => {
  await printed(1, 0, 10_000, 1000);
  await printed(2, 10_000, 10_100, 2000);
  const jump = page({ since: String(DAY + 2000), direction: 'forward', limit: 5 });
  expect(numbers(jump)).toEqual([10_000, 10_001, 10_002, 10_003, 10_004]);
  expect(numbers(page({ before: jump.older ?? '', limit: 3 }))).toEqual([9_997, 9_998, 9_999]);
  expect(numbers(page({ after: jump.newer, limit: 2 }))).toEqual([10_005, 10_006]);
});

it('of each service, also of one that has printed nothing since', async () => {
  await printed(1, 0, 1_000, 1000, 'api');
  await printed(1, 0, 500, 1500);
  await printed(2, 500, 600, 2000);
  const both = ['web', 'api'];
  const jump = page({ since: String(DAY + 2000), direction: 'forward', limit: 1000 }, both);
  expect(numbers(jump)).toHaveLength(100);
  const above = page({ before: jump.older ?? '', limit: 2000 }, both);
  expect(above.lines.filter(({ service }) => service === 'web')).toHaveLength(500);
  expect(above.lines.filter(({ service }) => service === 'api')).toHaveLength(1_000);
  const nothing = page({ since: String(DAY + 3000), direction: 'forward' }, both);
  expect(numbers(nothing)).toEqual([]);
  expect(numbers(page({ before: nothing.older ?? '', limit: 2000 }, both))).toHaveLength(1_600);
});
