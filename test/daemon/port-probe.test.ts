/** Waiting for ports, over a made-up machine and a clock that the test turns. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPortProbe } from '../../src/daemon/port-probe.ts';
import type { Family } from '../../src/platform/listen-table.ts';

/** Who listens: socket by port and family. */
let sockets: { port: number; family: Family; socket: string }[];
let questions: number;
let tables: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  sockets = [];
  questions = 0;
  tables = 0;
});
afterEach(() => void vi.useRealTimers());

const on = (port: number, family: Family) =>
  sockets.some((each) => each.port === port && each.family === family);

function probe() {
  return createPortProbe({
    ports: {
      listeners: (family) => {
        tables += 1;
        return sockets.filter((each) => each.family === family);
      },
    },
    answers: async (port, family) => {
      questions += 1;
      return on(port, family);
    },
    familyOf: async (port) => (on(port, 6) ? 6 : on(port, 4) ? 4 : null),
    now: () => performance.now(),
  });
}
const anybody = () => true;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
async function questionsDuring(ms: number): Promise<number> {
  const before = questions;
  await pass(ms);
  return questions - before;
}

it.each([4, 6] as const)('calls once, as soon as the port is listened on (IPv%d)', async (family) => {
  const called = vi.fn();
  probe().wait(3000, anybody, called);
  await pass(100);
  expect(called).not.toHaveBeenCalled();
  sockets.push({ port: 3000, family, socket: 's' });
  await pass(40);
  await pass(1_000);
  expect(called.mock.calls).toEqual([[family]]);
  expect(vi.getTimerCount()).toBe(0);
});

it('takes no stranger for the service, and reads the table seldom for one', async () => {
  const called = vi.fn();
  sockets.push({ port: 3000, family: 4, socket: 'stranger' });
  probe().wait(3000, (held) => held.has('ours'), called);
  await pass(1_000);
  expect(called).not.toHaveBeenCalled();
  expect(tables).toBeLessThan(6);
  sockets = [{ port: 3000, family: 4, socket: 'ours' }];
  await pass(300);
  expect(called).toHaveBeenCalledOnce();
});

it('reads the tables, which is dear, only once in a while when nobody answers', async () => {
  probe().wait(3000, anybody, () => undefined);
  await pass(5_000);
  expect(questions).toBeGreaterThan(100);
  expect(tables).toBeGreaterThan(0);
  expect(tables).toBeLessThan(8);
});

it('asks no more when the wait is taken back, in the middle of a question too', async () => {
  const waits = probe();
  const undo = waits.wait(1, anybody, () => expect.unreachable());
  await pass(20);
  sockets.push({ port: 1, family: 4, socket: 's' });
  vi.advanceTimersByTime(8);
  undo();
  undo();
  const before = questions;
  await pass(1_000);
  expect([questions - before, vi.getTimerCount()]).toEqual([0, 0]);
});

it('may be waited on again from within its call', async () => {
  const waits = probe();
  const called = vi.fn();
  sockets.push({ port: 1, family: 4, socket: 's' });
  waits.wait(1, anybody, () => waits.wait(1, anybody, called));
  await pass(50);
  expect(called).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

it('asks more and more seldom', async () => {
  probe().wait(1, anybody, () => undefined);
  expect(await questionsDuring(1_000)).toBe(122);
  await pass(3_000);
  expect(await questionsDuring(1_000)).toBe(25);
  await pass(15_000);
  expect(await questionsDuring(1_000)).toBe(4);
});

it('asks for many no more often in all', async () => {
  const waits = probe();
  const undo = Array.from({ length: 100 }, (_, port) => waits.wait(port, anybody, () => undefined));
  await pass(100);
  expect(await questionsDuring(1_000)).toBeLessThanOrEqual(500);
  for (const each of undo) each();
  expect(vi.getTimerCount()).toBe(0);
});
