/** Several who follow one report: each gets every line once. */
import { appendFileSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ReportFollower } from '../../src/loads/follow-report.ts';
import { shareReport } from '../../src/loads/share-report.ts';
import { eventually } from '../rig/eventually.ts';

function makeReport(): string {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-share-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'loaded');
  writeFileSync(path, '');
  return path;
}

function follow(path: string): { times: number[]; follower: ReportFollower } {
  const times: number[] = [];
  const follower = shareReport(path, (line) => times.push(line[1]));
  onTestFinished(() => follower.stop());
  return { times, follower };
}

const tell = (path: string, at: number) => appendFileSync(path, `["listening",${at}]\n`);

function open(path: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false;
    }
  }).length;
}

it('share one descriptor when they begin together, and each hears all', async () => {
  const path = makeReport();
  tell(path, 1);
  const [one, other] = [follow(path), follow(path)];
  expect(open(path)).toBe(1);
  await eventually(() => one.times.length === 1, 'the first line');
  tell(path, 2);
  await eventually(() => one.times.length === 2, 'the second line');
  expect([one.times, other.times]).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

it('who comes later misses nothing and doubles nothing', async () => {
  const path = makeReport();
  tell(path, 1);
  const one = follow(path);
  one.follower.readNow();
  const late = follow(path);
  tell(path, 2);
  await eventually(() => late.times.length === 2 && one.times.length === 2, 'both lines');
  one.follower.readNow();
  late.follower.readNow();
  expect([one.times, late.times]).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

it('goes on for those who stay, and ends with the last', async () => {
  const path = makeReport();
  const [one, other] = [follow(path), follow(path)];
  one.follower.stop();
  one.follower.stop();
  tell(path, 1);
  other.follower.readNow();
  expect([one.times, other.times]).toEqual([[], [1]]);
  other.follower.stop();
  expect(open(path)).toBe(0);
  const again = follow(path);
  again.follower.readNow();
  expect(again.times).toEqual([1]);
});

it('one that stops another in the middle of a line is obeyed', () => {
  const path = makeReport();
  tell(path, 1);
  const first = shareReport(path, () => second.follower.stop());
  onTestFinished(() => first.stop());
  const second = follow(path);
  first.readNow();
  expect(second.times).toEqual([]);
});
