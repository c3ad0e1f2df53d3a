import { expect, it } from 'vitest';
import { cpuShare, type Sample } from '../../src/status/cpu-share.ts';

const NOW = 1_000_000;
const sample = (at: number, cpu: number, run = 1, since = 0): Sample => ({
  at,
  services: { web: { run, cpu, since } },
});
const share = (before: Sample | null, now: Sample) => cpuShare(before, now).shares.get('web');

it('is the share since the last look', () => {
  expect(share(sample(NOW - 2_000, 500), sample(NOW, 1_500))).toBe(50);
  expect(share(sample(NOW - 2_000, 500), sample(NOW, 500))).toBe(0);
  expect(share(sample(NOW - 1_000, 0), sample(NOW, 4_000))).toBe(400);
});

it.each([
  ['the first look', null],
  ['a look an hour ago', sample(NOW - 3_600_000, 0)],
  ['a look just now', sample(NOW - 100, 4_999)],
  ['a look at another run', sample(NOW - 2_000, 0, 7)],
  ['less used than before: processes of the tree have ended', sample(NOW - 2_000, 9_000)],
  ['a clock that was set back', sample(NOW + 5_000, 0)],
])('%s: since the start', (_, before) => {
  expect(share(before, sample(NOW, 5_000, 1, NOW - 10_000))).toBe(50);
});

it('keeps the reading that a quick second look needs', () => {
  expect(cpuShare(sample(NOW - 899, 0), sample(NOW, 1)).next).toBeNull();
  expect(cpuShare(sample(NOW - 900, 0), sample(NOW, 1)).next).toEqual(sample(NOW, 1));
  expect(cpuShare(null, sample(NOW, 1)).next).toEqual(sample(NOW, 1));
  expect(cpuShare(sample(NOW + 5_000, 0), sample(NOW, 1)).next, 'not one of the future').toEqual(
    sample(NOW, 1),
  );
});

it('is 0 for a run that has only begun, or begins tomorrow by the clock', () => {
  expect(share(null, sample(NOW, 5, 1, NOW))).toBe(0);
  expect(share(null, sample(NOW, 5, 1, NOW + 1))).toBe(0);
});
