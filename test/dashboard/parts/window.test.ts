import { expect, it } from 'vitest';
import {
  append,
  begin,
  type LogWindow,
  MOST,
  newerCursor,
  olderCursor,
  prepend,
} from '../../../dashboard/logs/window.ts';
import type { ApiLine } from '../../../src/contract/api/logs.ts';

/** The lines of numbers from one on; a cursor is the number before which it stands. */
function lines(from: number, count: number): ApiLine[] {
  return Array.from({ length: count }, (_, index) => ({
    service: 'web',
    run: 1,
    time: null,
    text: String(from + index),
    level: null,
    message: null,
    id: String(from + index),
  }));
}

function whole(window: LogWindow): void {
  const first = Number(window.lines[0]?.text);
  expect(window.lines.map(({ text }) => Number(text))).toEqual(window.lines.map((_, index) => first + index));
  expect(olderCursor(window)).toBe(String(first));
  expect(newerCursor(window)).toBe(String(first + window.lines.length));
  expect(window.chunks.flatMap((chunk) => chunk.lines)).toEqual(window.lines);
}

it('drops the oldest lines when more come, and its cursors lead to what was dropped', () => {
  let window = begin({ lines: lines(50_000, 1000), older: '50000', newer: '51000' });
  for (let at = 51_000; at < 80_000; at += 700) {
    window = append(window, lines(at, 700), String(at + 700));
    whole(window);
    expect(window.lines.length).toBeLessThan(MOST + 2000);
  }
});

it('drops the newest lines when older ones are loaded', () => {
  let window = begin({ lines: lines(50_000, 1000), older: '50000', newer: '51000' });
  for (let at = 50_000; at > 10_000; at -= 500) {
    window = prepend(window, lines(at - 500, 500), String(at - 500));
    whole(window);
    expect(window.lines.length).toBeLessThan(MOST + 2000);
  }
});
