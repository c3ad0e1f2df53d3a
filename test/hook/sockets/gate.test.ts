import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Gate } from '../../../src/hook/sockets/gate.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const shutGate = () => new Gate(false, 1000, { setTimeout, clearTimeout });

it('opens by itself when nobody comes', () => {
  const gate = shutGate();
  const accept = vi.fn(() => 0);
  gate.wait(accept);
  vi.advanceTimersByTime(999);
  expect(accept).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(accept).toHaveBeenCalledTimes(1);
  expect(gate.isOpen).toBe(true);
});

it('stays shut in company, and counts anew when that has gone', () => {
  const gate = shutGate();
  gate.wait(() => 0);
  vi.advanceTimersByTime(900);
  gate.company(true);
  vi.advanceTimersByTime(5000);
  gate.company(false);
  vi.advanceTimersByTime(999);
  expect(gate.isOpen).toBe(false);
  vi.advanceTimersByTime(1);
  expect(gate.isOpen).toBe(true);
});

it('says the first error, tries that one again, and leaves no timer', () => {
  const gate = shutGate();
  const errors = [-98, 0];
  const accept = vi.fn(() => errors.shift() ?? 0);
  const left = vi.fn(() => 0);
  gate.wait(left)();
  gate.wait(accept);
  expect(gate.open()).toBe(-98);
  expect(gate.open()).toBe(0);
  expect(gate.open()).toBe(0);
  expect(accept).toHaveBeenCalledTimes(2);
  expect(left).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

it('accepts nothing after its end', () => {
  const gate = shutGate();
  const accept = vi.fn(() => 0);
  gate.wait(accept);
  gate.end();
  gate.open();
  vi.advanceTimersByTime(2000);
  expect(accept).not.toHaveBeenCalled();
});
