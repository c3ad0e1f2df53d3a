/** The daemon speaks into nothing but a pipe of its own user that somebody reads. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openAnswer, removeUnheard } from '../../../src/daemon/door/answer.ts';
import { systemProcesses } from '../../../src/platform/proc.ts';

let folder: string;
const path = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-door-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function mkfifo(name: string): string {
  execFileSync('mkfifo', [path(name)]);
  return path(name);
}

it('says it to whoever reads, and nobody finds the pipe any more', () => {
  const pipe = mkfifo('answer-1');
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const say = openAnswer(pipe);
  expect(existsSync(pipe)).toBe(false);
  say?.('well\n');
  const buffer = Buffer.alloc(16);
  expect(buffer.toString('utf8', 0, readSync(reader, buffer))).toBe('well\n');
  expect(readSync(reader, buffer)).toBe(0);
  closeSync(reader);
});

it('holds up nobody: no reader, no room, a reader that has gone', () => {
  expect(openAnswer(mkfifo('answer-1'))).toBeNull();
  const full = mkfifo('answer-2');
  const reader = openSync(full, constants.O_RDONLY | constants.O_NONBLOCK);
  openAnswer(full)?.('x'.repeat(1_000_000));
  closeSync(reader);
  const left = mkfifo('answer-3');
  const leaver = openSync(left, constants.O_RDONLY | constants.O_NONBLOCK);
  const say = openAnswer(left);
  closeSync(leaver);
  say?.('x');
});

it('not into a file, through a link, or where nothing is', () => {
  writeFileSync(path('answer-1'), 'kept');
  symlinkSync(path('answer-1'), path('answer-2'));
  for (const name of ['answer-1', 'answer-2', 'answer-3']) expect(openAnswer(path(name)), name).toBeNull();
  expect(readFileSync(path('answer-1'), 'utf8')).toBe('kept');
  expect(readdirSync(folder).sort()).toEqual(['answer-1', 'answer-2']);
});

it('removes the pipes of those who are gone, and nothing else', () => {
  const gone = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
  const [dead, alive, other] = [mkfifo(`answer-${gone}`), mkfifo(`answer-${process.pid}`), mkfifo('ask-1')];
  writeFileSync(path(`answer-0${gone}`), '');
  removeUnheard(folder, systemProcesses());
  expect([dead, alive, other].map(existsSync)).toEqual([false, true, true]);
  expect(existsSync(path(`answer-0${gone}`))).toBe(true);
});
