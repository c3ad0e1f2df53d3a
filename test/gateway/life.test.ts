/** The gateway is there as long as somebody looks, or may come by a link. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, type Mock, vi } from 'vitest';
import { createLife } from '../../src/gateway/life.ts';
import { LINK_LIFE, linksGoodFor, makeLink, useLink } from '../../src/platform/gateway-files.ts';

const IDLE = 5 * 60_000;

let root: string;
let end: Mock<() => void>;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  root = mkdtempSync(join(tmpdir(), 'upkeep-life-'));
  end = vi.fn();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true });
});

const live = () => createLife(end, () => linksGoodFor(root, Date.now()));

it('ends when nobody has been looking for five minutes', () => {
  const life = live();
  vi.advanceTimersByTime(IDLE - 1);
  life.visited(1);
  vi.advanceTimersByTime(2 * IDLE);
  life.visited(0);
  vi.advanceTimersByTime(IDLE - 1);
  expect(end).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(end).toHaveBeenCalledTimes(1);
});

it('a link that was made shortly before works as long as it promises to', () => {
  live();
  makeLink(root, Date.now());
  vi.advanceTimersByTime(IDLE - 25_000);
  const code = makeLink(root, Date.now());
  vi.advanceTimersByTime(LINK_LIFE - 1);
  expect(end).not.toHaveBeenCalled();
  expect(useLink(root, code, Date.now())).toBe(true);
  vi.advanceTimersByTime(1);
  expect(end).toHaveBeenCalledTimes(1);
});

it('a link that has been used holds it no longer, and none does so for longer than it is good', () => {
  live();
  vi.advanceTimersByTime(IDLE - 1);
  useLink(root, makeLink(root, Date.now()), Date.now());
  vi.advanceTimersByTime(1);
  expect(end).toHaveBeenCalledTimes(1);
  makeLink(root, Date.now() + 10 * IDLE);
  expect(linksGoodFor(root, Date.now())).toBe(LINK_LIFE);
});
