/**
 * Somebody removes a log while the daemon is at any point of copying into it, and kills the daemon there: what was copied
 * goes with it, and what is printed later is there, each line once.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rotatedLog, rotatedNumbers } from '../../src/logs/layout.ts';
import { queryLines } from '../../src/logs/query.ts';
import type { DaemonPoint } from '../../src/platform/reach.ts';
import { eventually } from '../rig/eventually.ts';
import { builtFollower } from './built-follower.ts';
import { enterRoom, numbered, type Room } from './room.ts';

/** Bytes of a file. That of `rotated` has to be small. */
const COPYING: [DaemonPoint, number][] = [
  ['checkpoint-before', 1_000_000],
  ['checkpoint-written', 1_000_000],
  ['checkpoint-after', 1_000_000],
  ['rotated', 8_000],
];
const follower = builtFollower();
let points: string;
let room: Room;
let daemon: ChildProcess | null = null;

beforeEach(() => {
  room = enterRoom();
  points = join(room.root, 'points');
  mkdirSync(points);
});
afterEach(() => {
  daemon?.kill('SIGKILL');
  room.leave();
});

/** Lines 0 to 999 are copied, 1000 to 1999 are on their way. */
async function standsAt(point: DaemonPoint, maxSize: number): Promise<ChildProcess> {
  room.print(1, numbered(0, 1_000));
  const child = spawn(process.execPath, [follower(), room.root, '1', String(maxSize)], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { ...process.env, UPKEEP_FAULTS: points },
  });
  daemon = child;
  await eventually(() => there().at(-1) === 999, 'the first lines are copied');
  const file = join(points, point);
  writeFileSync(file, 'STOP');
  room.print(1, numbered(1_000, 2_000));
  if (point === 'spool-removed') child.stdin?.write('end');
  const stat = `/proc/${child.pid}/stat`;
  await eventually(
    () => existsSync(`${file}.hit`) && / T /.test(readFileSync(stat, 'utf8')),
    `it stands at ${point}`,
  );
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Oldest first. */
function logFiles(): string[] {
  const numbers = rotatedNumbers(room.visible()).reverse();
  const files = [...numbers.map((number) => rotatedLog(room.visible(), number)), room.visible()];
  return files.filter((file) => existsSync(file));
}

/** Answers what stands in them, also what is written later. */
function removeLogs(): () => number[] {
  const descriptors = logFiles().map((file) => openSync(file, 'r'));
  for (const file of logFiles()) rmSync(file);
  return () => numbers(descriptors.map((fd) => readFileSync(`/proc/self/fd/${fd}`, 'utf8')).join(''));
}

function there(): number[] {
  return numbers(
    logFiles()
      .map((file) => readFileSync(file, 'utf8'))
      .join(''),
  );
}

/** Of the whole lines. */
function numbers(text: string): number[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => Number(/^line (\d+)$/.exec(line)?.[1]));
}

function shown(): number[] {
  const lines = [...queryLines({ root: room.root, logDir: room.logDir }, ['web'], {}, null)];
  return numbers(lines.map(({ text }) => `${text}\n`).join(''));
}

function upTo(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, index) => first + index);
}

describe.runIf(process.platform === 'linux')('a log that is removed', () => {
  it.each(COPYING)('at %s, where the daemon is killed', async (point, maxSize) => {
    const child = await standsAt(point, maxSize);
    const gone = removeLogs();
    await kill(child);
    room.print(1, numbered(2_000, 3_000));
    const pending = shown();
    const log = room.log({ maxSize, keep: 1_000 });
    log.attach(1, room.spool(1));
    await log.finish(1);
    const [first = -1] = there();
    expect(there()).toEqual(upTo(first, 3_000));
    // What was just copied may be there once more; nothing is missing between what is gone and what is there.
    expect(first).toBeLessThanOrEqual((gone().at(-1) ?? -1) + 1);
    expect([pending, shown()]).toEqual([there(), there()]);
  });

  it.each(COPYING)('at %s, from where the daemon goes on', async (point, maxSize) => {
    const child = await standsAt(point, maxSize);
    const gone = removeLogs();
    child.kill('SIGCONT');
    room.print(1, numbered(2_000, 3_000));
    await eventually(() => there().at(-1) === 2_999, 'what is printed later is there');
    const [first = -1] = there();
    expect(there()).toEqual(upTo(first, 3_000));
    expect(first).toBe((gone().at(-1) ?? -1) + 1);
    expect(shown()).toEqual(there());
  });

  it('with the last words of a run, just copied, when the daemon is killed', async () => {
    const child = await standsAt('spool-removed', 1_000_000);
    const gone = removeLogs();
    await kill(child);
    expect(gone()).toEqual(upTo(0, 2_000));
    room.print(2, numbered(2_000, 3_000));
    const log = room.log();
    log.attach(2, room.spool(2));
    await log.finish(2);
    expect([there(), shown()]).toEqual([upTo(2_000, 3_000), upTo(2_000, 3_000)]);
  });
});
