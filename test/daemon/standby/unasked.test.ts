import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Unasked } from '../../../src/daemon/standby/unasked.ts';

const MINUTE = 60_000;
let now: number;
let unasked: Unasked;
let ended: string[];
const names = new Map<string, object>();
const who = (name: string) => names.get(name) ?? (names.set(name, {}).get(name) as object);
const admit = (name: string) => unasked.admit(who(name), () => ended.push(name));

beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
  ended = [];
  unasked = new Unasked(() => now);
});
afterEach(() => vi.useRealTimers());

it('of one burst three have one', () => {
  expect(['a', 'b', 'c', 'd', 'e'].map(admit)).toEqual([true, true, true, false, false]);
  expect(ended).toEqual([]);
});

it('who is worked on now comes in the place of who was for the longest time not', () => {
  for (const name of ['a', 'b', 'c']) admit(name);
  now = MINUTE;
  expect(admit('a')).toBe(true);
  expect(admit('d')).toBe(true);
  expect(ended).toEqual(['b']);
});

it('who leaves makes room', () => {
  for (const name of ['a', 'b', 'c']) admit(name);
  unasked.leave(who('b'));
  expect(admit('d')).toBe(true);
  expect(ended).toEqual([]);
});

it('after ten minutes without a restart it is over', () => {
  admit('a');
  vi.advanceTimersByTime(9 * MINUTE);
  admit('a');
  vi.advanceTimersByTime(9 * MINUTE);
  expect(ended).toEqual([]);
  vi.advanceTimersByTime(MINUTE);
  expect(ended).toEqual(['a']);
  vi.advanceTimersByTime(60 * MINUTE);
  expect(ended).toEqual(['a']);
});
