import { expect, it } from 'vitest';
import { parseMoment } from '../../src/contract/moment.ts';

const now = new Date(2026, 10, 23, 14, 30, 0).getTime();
const at = (...parts: [number, number, number, number?, number?, number?]) => new Date(...parts).getTime();

it.each([
  ['10m', now - 600_000],
  ['1h30m', now - 5_400_000],
  ['1.5h', now - 5_400_000],
  ['90s', now - 90_000],
  ['250ms', now - 250],
  ['2d', now - 172_800_000],
  ['14:02', at(2026, 10, 23, 14, 2)],
  ['14:02:33', at(2026, 10, 23, 14, 2, 33)],
  ['14:31', at(2026, 10, 22, 14, 31)],
  ['2026-11-23', at(2026, 10, 23)],
  ['2026-11-23T10:00', at(2026, 10, 23, 10)],
  ['2026-11-23 10:00:05', at(2026, 10, 23, 10, 0, 5)],
  ['2026-11-23T10:00Z', Date.UTC(2026, 10, 23, 10)],
  ['2026-11-23T10:00:00.250+02:00', Date.UTC(2026, 10, 23, 8, 0, 0, 250)],
])('%s is understood', (text, expected) => {
  expect(parseMoment(text, now)).toBe(expected);
});

it.each([
  '',
  'soon',
  '10',
  '10x',
  '25:00',
  '14:60',
  '2026-13-01',
  '2026-02-30',
  '2026-02-30T10:00Z',
  '2026-11-23T99:00',
  '-5m',
  '10m ago',
])('%j is not a time', (text) => {
  expect(parseMoment(text, now)).toBeNull();
});
