import { expect, it } from 'vitest';
import { dayAndTime, isTimeZone, timesAt } from '../../src/contract/clock.ts';

const NOW = Date.UTC(2026, 10, 23, 15, 30, 5);

it('tells times of any zone, with the day where that is another one there', () => {
  const { clock, dayAndTime: told } = timesAt(NOW, 'Asia/Tokyo');
  expect(clock(NOW)).toBe('00:30:05');
  expect(told(NOW - 1_000)).toBe('00:30:04');
  expect(told(NOW - 3_600_000)).toBe('2026-11-23 23:30:05');
});

it('tells times of the local zone where none is given', () => {
  const local = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const time of [NOW, NOW - 86_400_000])
    expect(dayAndTime(time, NOW)).toBe(timesAt(NOW, local).dayAndTime(time));
});

it.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Europe/Atlantis', false],
  ['', false],
  ['../../etc/passwd', false],
])('"%s" is a time zone: %s', (zone, is) => expect(isTimeZone(zone)).toBe(is));
