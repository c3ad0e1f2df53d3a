import colors from 'picocolors';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStory, lastWordsFirst } from '../../../src/cli/journal/story.ts';
import type { JournalEntry } from '../../../src/contract/journal.ts';
import type { Progress } from '../../../src/contract/protocol.ts';

const plain = colors.createColors(false);
const ended: JournalEntry = {
  at: 1,
  kind: 'run-ended',
  service: 'web',
  run: 1,
  exit: { code: 3 },
  cause: null,
  lasted: 1_500,
};
const started: JournalEntry = { at: 2, kind: 'run-started', service: 'web', run: 2, cause: { kind: 'boot' } };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells what happens to its services, with the url once they are ready', () => {
  const story = createStory(new Map([['web', 'http://localhost:1']]), plain);
  expect(story.tell({ at: 1, kind: 'run-ready', service: 'web', run: 1, took: 212 })).toEqual({
    service: 'web',
    text: '● ready in 212 ms, http://localhost:1',
  });
  expect(story.tell(ended)?.text).toBe('○ ended with exit 3 after 1.5 s');
  const parked = story.tell({
    at: 1,
    kind: 'parked',
    service: 'web',
    reason: { kind: 'failures', count: 5, window: 60_000 },
  });
  expect(parked?.text).toBe(
    '✖ parked: failed 5 times within 60 s, last with exit 3; an edit, "upkeep start" or "upkeep restart" tries again',
  );
});

it('marks the end of a run as bad unless it ended with 0, or was asked to', () => {
  const story = createStory(new Map([['web', null]]), colors.createColors(true));
  const bad = colors.createColors(true).red('○');
  expect(story.tell(ended)?.text).toContain(bad);
  expect(story.tell({ ...ended, exit: { code: 0 } })?.text).not.toContain(bad);
  expect(story.tell({ ...ended, cause: { kind: 'stop', by: 'cli' } })?.text).not.toContain(bad);
});

it('keeps silent about other services and about the daemon', () => {
  const story = createStory(new Map([['api', null]]), plain);
  expect(story.tell(ended)).toBe(null);
  expect(story.tell({ at: 1, kind: 'daemon-stopped', pid: 1 })).toBe(null);
});

it('tells once what a service waits for', () => {
  const story = createStory(new Map([['web', null]]), plain);
  const progress = { service: 'web', state: 'starting', detail: 'waiting for db' } as Progress;
  expect(story.tellWaiting(progress)?.text).toBe('○ waiting for db');
  expect(story.tellWaiting(progress)).toBe(null);
  expect(story.tellWaiting({ ...progress, detail: 'starting' })).toBe(null);
});

it('lets last words come before the news of the end, and keeps the order of the rest', () => {
  const told: string[] = [];
  const queue = lastWordsFirst(({ kind }) => told.push(kind));
  queue.add([started, ended, started]);
  expect(told).toEqual(['run-started']);
  queue.add([started]);
  vi.runAllTimers();
  expect(told).toEqual(['run-started', 'run-ended', 'run-started', 'run-started']);
  queue.add([ended]);
  queue.flush();
  expect(told.at(-1)).toBe('run-ended');
  expect(vi.getTimerCount()).toBe(0);
});
