import { expect, it } from 'vitest';
import { bytes } from '../../src/contract/bytes.ts';
import { age, duration } from '../../src/contract/duration.ts';

it.each([
  [0, '0 ms', '0 s'],
  [999.4, '999 ms', '0 s'],
  [1_000, '1.0 s', '1 s'],
  [12_345, '12.3 s', '12 s'],
  [60_000, '1 m 00 s', '1 m 00 s'],
  [250_999, '4 m 10 s', '4 m 10 s'],
  [3_599_999, '59 m 59 s', '59 m 59 s'],
  [11_100_000, '3 h 05 m', '3 h 05 m'],
  [86_400_000, '1 d 0 h', '1 d 0 h'],
  [187_200_000, '2 d 4 h', '2 d 4 h'],
])('%d ms lasts "%s", is "%s" old', (ms, lasting, old) => {
  expect([duration(ms), age(ms)]).toEqual([lasting, old]);
});

it('a clock that was set back makes nothing younger than new', () => {
  expect(age(-5_000)).toBe('0 s');
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [48_234_496, '48.2 MB'],
  [1_234_567_890, '1.23 GB'],
])('%d bytes are %s', (count, text) => {
  expect(bytes(count)).toBe(text);
});
