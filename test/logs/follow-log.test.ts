import { renameSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cutToWholeLines, followLog } from '../../src/logs/follow-log.ts';
import { openHistory } from '../../src/logs/history.ts';
import { linesOf } from '../../src/logs/query.ts';
import { enterRoom, numbered, type Room } from './room.ts';

let room: Room;
let undo: (() => void)[];
beforeEach(() => {
  room = enterRoom();
  undo = [];
});
afterEach(() => {
  for (const each of undo) each();
  room.leave();
});

/** What a person sees who asks for everything and for what comes. */
function watchIt(): string[] {
  const seen: string[] = [];
  const history = openHistory(room.root, room.logDir, 'web');
  const shown = cutToWholeLines(history);
  const lines = linesOf('web', history, {}, null);
  for (let next = lines.next(); next.done !== true; next = lines.next()) seen.push(next.value.text);
  undo.push(
    followLog(room, 'web', history, shown, (more) => {
      seen.push(...more.map((line) => `${line.run}:${line.text}`));
    }),
  );
  history.close();
  return seen;
}
const becomes = (seen: string[], expected: string[]) =>
  vi.waitFor(() => expect(seen).toEqual(expected), { timeout: 5000, interval: 5 });

it('goes on where the history ended', async () => {
  const log = room.log();
  log.attach(1, room.spool(1));
  room.print(1, 'a\nb\nunfin');
  await expect.poll(() => room.text()).toBe('a\nb\nunfin');
  const seen = watchIt();
  room.print(1, 'ished\nc\n');
  await becomes(seen, ['a', 'b', '1:unfinished', '1:c']);
});

it('waits for a service that has not printed yet, in a folder that is not there yet', async () => {
  const seen = watchIt();
  const log = room.log();
  log.attach(1, room.spool(1));
  room.print(1, 'a\n');
  await becomes(seen, ['1:a']);
});

it('shows a line that stays unfinished', async () => {
  const log = room.log();
  log.attach(1, room.spool(1));
  const seen = watchIt();
  room.print(1, 'Continue? ');
  await becomes(seen, ['1:Continue? ']);
});

it.each([
  ['removed', () => rmSync(room.visible())],
  ['removed with its folder', () => rmSync(room.logDir, { recursive: true })],
  ['emptied', () => truncateSync(room.visible())],
  ['moved', () => renameSync(room.visible(), join(room.root, 'elsewhere'))],
])('goes on when the log is %s', async (_, touch) => {
  const log = room.log();
  log.attach(1, room.spool(1));
  const seen = watchIt();
  room.print(1, 'something long enough\n');
  await becomes(seen, ['1:something long enough']);
  touch();
  room.print(1, 'b\n');
  await becomes(seen, ['1:something long enough', '1:b']);
});

it('follows through rotation', async () => {
  const log = room.log({ maxSize: 500, keep: 1000 });
  log.attach(1, room.spool(1));
  const seen = watchIt();
  for (let part = 0; part < 20; part++) {
    room.print(1, numbered(part * 50, part * 50 + 50));
    await new Promise((resolve) => setTimeout(resolve, part));
  }
  await becomes(
    seen,
    numbered(0, 1000)
      .trimEnd()
      .split('\n')
      .map((line) => `1:${line}`),
  );
});

it('shows what is in the spool at once, and not again when the next daemon makes it visible', async () => {
  const first = room.log();
  first.attach(1, room.spool(1));
  room.print(1, 'a\n');
  await expect.poll(() => room.text()).toBe('a\n');
  first.close();
  room.print(1, 'b\nc\nd');
  const seen = watchIt();
  expect(seen).toEqual(['a', 'b', 'c']);
  const second = room.log();
  second.attach(1, room.spool(1));
  room.print(1, 'd\ne\n');
  await becomes(seen, ['a', 'b', 'c', '1:dd', '1:e']);
});
