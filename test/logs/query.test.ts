import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkpointFile, indexFolder } from '../../src/logs/layout.ts';
import type { LogLine } from '../../src/logs/lines.ts';
import { type LineFilter, mergeByTime, queryLines } from '../../src/logs/query.ts';
import { enterRoom, numbered, type Room } from './room.ts';

let room: Room;
let now: number;
const clock = { now: () => now };
beforeEach(() => {
  room = enterRoom();
  now = 1_000_000;
});
afterEach(() => room.leave());

const ask = (filter: LineFilter = {}, count: number | null = null, services = ['web']): LogLine[] => [
  ...queryLines(room, services, filter, count),
];
const texts = (lines: LogLine[]) => lines.map((line) => line.text);

/** A run that prints and ends, at `time`. */
async function printed(
  run: number,
  text: string,
  time: number,
  options: { service?: string; maxSize?: number } = {},
) {
  now = time;
  const log = room.log({ clock, ...options });
  log.attach(run, room.spool(run, options.service));
  room.print(run, text, options.service);
  await log.finish(run);
  log.close();
}

describe('lines of one service', () => {
  it('know their run and their time', async () => {
    await printed(1, 'a\r\nb\n', 1000);
    await printed(2, 'c', 2000);
    await printed(3, '\nd\n', 3000);
    expect(ask()).toEqual([
      { service: 'web', run: 1, time: 1000, text: 'a' },
      { service: 'web', run: 1, time: 1000, text: 'b' },
      { service: 'web', run: 2, time: 2000, text: 'c' },
      { service: 'web', run: 3, time: 3000, text: '' },
      { service: 'web', run: 3, time: 3000, text: 'd' },
    ]);
  });

  it('are chosen by number, run, time and text', async () => {
    await printed(1, 'start\nerror one\n', 1000);
    await printed(2, 'start\n\u001b[31merr\u001b[0mor two\n', 2000);
    expect(texts(ask({}, 3))).toEqual(['error one', 'start', '\u001b[31merr\u001b[0mor two']);
    expect(texts(ask({ run: 1 }))).toEqual(['start', 'error one']);
    expect(ask({ run: 'last' }).length).toBe(2);
    expect(ask({ pattern: /^error two$/ }).length).toBe(1);
    expect(texts(ask({ pattern: /error/, run: 1 }, 5))).toEqual(['error one']);
    expect(ask({ since: 1500 }).every((line) => line.run === 2)).toBe(true);
    expect(ask({ until: 1500 }).every((line) => line.run === 1)).toBe(true);
    expect(ask({ since: 1500 }, 10).length).toBe(2);
    expect(ask({}, 0)).toEqual([]);
  });

  it('come from rotated files too', async () => {
    await printed(1, numbered(0, 1000), 1000, { maxSize: 1000 });
    const all = texts(ask());
    expect(all.length).toBeGreaterThan(300);
    expect(all.length).toBeLessThan(1000);
    expect(all.slice(-3)).toEqual(['line 997', 'line 998', 'line 999']);
    expect(texts(ask({}, 250))).toEqual(all.slice(-250));
    expect(ask().every((line) => line.run === 1 && line.time === 1000)).toBe(true);
  });

  it('are whole although rotation cut them', async () => {
    const long = 'x'.repeat(3500);
    await printed(1, `a\n${long}\nb\n`, 1000, { maxSize: 1000 });
    expect(texts(ask())).toEqual(['a', long, 'b']);
    expect(texts(ask({}, 2))).toEqual([long, 'b']);
  });

  it('come out of the spool when no daemon has made them visible', async () => {
    const log = room.log();
    log.attach(1, room.spool(1));
    room.print(1, 'a\n');
    await expect.poll(() => room.text()).toBe('a\n');
    log.close();
    room.print(1, 'b\nc');
    expect(texts(ask())).toEqual(['a', 'b', 'c']);
    expect(texts(ask({}, 2))).toEqual(['b', 'c']);
    expect(ask().every((line) => line.run === 1 && line.time !== null)).toBe(true);
  });

  it('are joined when they are partly visible and partly in the spool', async () => {
    const log = room.log();
    log.attach(1, room.spool(1));
    room.print(1, 'a\nhal');
    await expect.poll(() => room.text()).toBe('a\nhal');
    log.close();
    room.print(1, 'f\n');
    expect(texts(ask())).toEqual(['a', 'half']);
    expect(texts(ask({}, 1))).toEqual(['half']);
  });

  it('are readable without any record of ours', () => {
    mkdirSync(room.logDir);
    writeFileSync(room.visible(), 'a\nb\n');
    expect(ask()).toEqual([
      { service: 'web', run: null, time: null, text: 'a' },
      { service: 'web', run: null, time: null, text: 'b' },
    ]);
    expect(ask({ since: 0 })).toEqual([]);
  });

  it('are readable with a broken record of ours', async () => {
    await printed(1, 'a\nb\n', 1000);
    const folder = indexFolder(room.root, 'web');
    writeFileSync(checkpointFile(folder, room.logDir), 'nonsense');
    expect(texts(ask())).toEqual(['a', 'b']);
    rmSync(folder, { recursive: true });
    writeFileSync(join(room.root, '.upkeep/logs/web'), 'a file in the way');
    expect(texts(ask({}, 5))).toEqual(['a', 'b']);
  });

  it('have no other lines than these, from both ends, wherever blocks and files are cut', async () => {
    const output = fc.array(fc.constantFrom('', 'a', 'bb\r', 'x'.repeat(90), 'long'), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(
        output,
        fc.boolean(),
        fc.constantFrom(400, 1_000_000),
        async (parts, ended, maxSize) => {
          const own = enterRoom();
          try {
            const log = own.log({ maxSize, keep: 10_000 });
            log.attach(1, own.spool(1));
            own.print(1, parts.join('\n') + (ended ? '\n' : ''));
            await log.finish(1);
            const expected = parts
              .join('\n')
              .split('\n')
              .map((line, at, all) => {
                const ends = at < all.length - 1 || ended;
                return ends || line !== '' ? line.replace(/\r$/, '') : null;
              });
            const lines = expected.filter((line) => line !== null);
            expect([...queryLines(own, ['web'], {}, null)].map((line) => line.text)).toEqual(lines);
            for (const count of [1, 3, 100]) {
              const last = [...queryLines(own, ['web'], {}, count)].map((line) => line.text);
              expect(last).toEqual(lines.slice(-count));
            }
          } finally {
            own.leave();
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('lines of several services', () => {
  it('are merged by time, each service in its own order', async () => {
    await printed(1, 'w1\n', 1000);
    await printed(1, 'd1\n', 1500, { service: 'db' });
    await printed(2, 'w2\n', 2000);
    await printed(2, 'd2\n', 500, { service: 'db' });
    expect(texts(ask({}, null, ['web', 'db']))).toEqual(['w1', 'd1', 'd2', 'w2']);
  });

  it('keep their order whatever the times', () => {
    const times = fc.array(fc.option(fc.nat(20)), { maxLength: 15 });
    fc.assert(
      fc.property(fc.array(times, { maxLength: 4 }), (services) => {
        const streams = services.map((list, service) =>
          list.map((time, number) => ({ service: `${service}`, run: 1, time, text: `${number}` })),
        );
        const merged = [...mergeByTime(streams.map((stream) => stream[Symbol.iterator]()))];
        for (const [service, stream] of streams.entries()) {
          expect(merged.filter((line) => line.service === `${service}`)).toEqual(stream);
        }
        const sorted = streams.every((stream) =>
          stream.every(({ time }, at) => at === 0 || (time ?? -1) >= (stream[at - 1]?.time ?? -1)),
        );
        if (sorted) {
          const order = merged.map((line) => line.time ?? -1);
          expect(order).toEqual([...order].sort((a, b) => a - b));
        }
      }),
    );
  });
});

it('a history read while a daemon is at work has each line once', async () => {
  const log = room.log({ maxSize: 20_000, keep: 1000 });
  log.attach(1, room.spool(1));
  for (let part = 0; part < 200; part++) {
    appendFileSync(room.spool(1), numbered(part * 20, part * 20 + 20));
    if (part % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(texts(ask()).length).toBe(part * 20 + 20);
  }
  await log.finish(1);
  expect(texts(ask())).toEqual(numbered(0, 4000).trimEnd().split('\n'));
});
