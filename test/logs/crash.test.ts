/** A daemon that is killed at any instant loses no line and doubles none. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rotatedLog, rotatedNumbers } from '../../src/logs/layout.ts';
import { builtFollower } from './built-follower.ts';
import { enterRoom, type Room } from './room.ts';

const follower = builtFollower();
let room: Room;
const children: ChildProcess[] = [];

beforeEach(() => {
  room = enterRoom();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  room.leave();
});

/** Prints numbered lines until it is told to end. */
const WRITER = `
const { openSync, writeSync } = require('node:fs');
const fd = openSync(process.argv[1], 'a');
let number = 0, ending = false;
process.stdin.on('data', () => { ending = true; });
const write = () => {
  let text = '';
  for (let left = 1 + number % 120; left > 0; left--) text += 'line ' + number++ + ' ' + 'x'.repeat(number % 90) + '\\n';
  writeSync(fd, text);
  if (ending) { process.stdout.write(String(number)); process.exit(); }
  setTimeout(write, 1 + number % 5);
};
write();
`;

async function daemon(maxSize: number): Promise<ChildProcess> {
  const argv = [follower(), room.root, '1', String(maxSize)];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function everything(): string {
  const numbers = rotatedNumbers(room.visible()).reverse();
  const files = [...numbers.map((number) => rotatedLog(room.visible(), number)), room.visible()];
  return files.map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')).join('');
}

it.each([
  ['one file', 100_000_000],
  ['rotation', 150_000],
])('no line is lost or doubled by 20 kills (%s)', { timeout: 120_000 }, async (_, maxSize) => {
  const writer = spawn(process.execPath, ['-e', WRITER, room.spool(1)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(writer);
  for (let round = 0; round < 20; round++) {
    const child = await daemon(maxSize);
    // Any instant will do: this is what is varied, not what is waited for.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    await kill(child);
  }
  const told = once(writer.stdout, 'data');
  writer.stdin.end('end');
  const count = Number(String((await told)[0]));
  const log = room.log({ maxSize, keep: 1000 });
  log.attach(1, room.spool(1));
  await log.finish(1);
  const lines = everything().split('\n');
  expect(lines.pop()).toBe('');
  const wrong = lines.findIndex((line, number) => !line.startsWith(`line ${number} `));
  expect(wrong === -1 ? null : lines.slice(wrong - 1, wrong + 2)).toBeNull();
  expect(lines.length).toBe(count);
});
