import colors from 'picocolors';
import { expect, it } from 'vitest';
import { endedByItself, runStories } from '../../src/api/stories.ts';
import { dayAndTime } from '../../src/cli/render/words.ts';
import { tellStories } from '../../src/cli/why/tell.ts';
import type { JournalEntry } from '../../src/contract/journal.ts';

const at = (clock: string) => new Date(`2026-11-23T${clock}`).getTime();
const service = 'web';
const journal: JournalEntry[] = [
  { at: at('13:00:00'), kind: 'daemon-started', pid: 1, version: '1', recovered: false },
  { at: at('14:00:00'), kind: 'run-started', service, run: 6, cause: { kind: 'start', by: 'cli' } },
  { at: at('14:00:01'), kind: 'run-started', service: 'api', run: 1, cause: { kind: 'boot' } },
  { at: at('14:00:30'), kind: 'late', service, run: 6, after: 30_000, detail: 'not ready after 30 s' },
  {
    at: at('14:02:11'),
    kind: 'run-ended',
    service,
    run: 6,
    exit: { signal: 'SIGTERM' },
    cause: { kind: 'edit', files: ['engine/scoring.js'] },
    lasted: 131_000,
  },
  {
    at: at('14:02:11'),
    kind: 'run-started',
    service,
    run: 7,
    cause: { kind: 'edit', files: ['a.js', 'b.js', 'c.js', 'd.js'] },
  },
  { at: at('14:02:12'), kind: 'run-ready', service, run: 7, took: 212.4 },
  { at: at('14:05:40'), kind: 'run-ended', service, run: 7, exit: { code: 1 }, cause: null, lasted: 209_000 },
  {
    at: at('14:05:40'),
    kind: 'parked',
    service,
    reason: { kind: 'failures', count: 5, window: 60_000 },
  },
];
const plain = colors.createColors(false);

it('makes one story of each run of the service', () => {
  const [first, second, ...more] = runStories(journal, service);
  expect(more).toEqual([]);
  expect(first).toMatchObject({ run: 6, readyAfter: null, lasted: 131_000, exit: { signal: 'SIGTERM' } });
  expect(first && endedByItself(first)).toBe(false);
  expect(second).toMatchObject({
    run: 7,
    readyAfter: 212,
    exit: { code: 1 },
    endCause: null,
    parked: { kind: 'failures', count: 5 },
  });
  expect(second && endedByItself(second)).toBe(true);
});

it('begins in the middle when the older journal is gone', () => {
  const [story] = runStories(journal.slice(7), service);
  expect(story).toMatchObject({ run: 7, startedAt: null, cause: null, exit: { code: 1 } });
});

it('a service that never ran has no story', () => {
  expect(runStories(journal, 'other')).toEqual([]);
});

it('tells them newest first, with the last words of a crash', () => {
  const words = new Map([[7, ['\u001b[31mTypeError: x is not a function\u001b[39m']]]);
  expect(tellStories(runStories(journal, service), words, '/app', at('15:00:00'), plain)).toBe(
    `14:02:11 run 7 started: a.js, b.js, c.js and 1 more changed. Ready in 212 ms.
14:05:40 run 7 ended with exit 1 after 3 m 29 s. Parked: failed 5 times within 60 s, last with exit 1; an edit, "upkeep start" or "upkeep restart" tries again.
         │ TypeError: x is not a function

14:00:00 run 6 started: asked for by "upkeep start".
14:00:30 run 6 not ready after 30 s.
14:02:11 run 6 stopped after 2 m 11 s: engine/scoring.js changed.
`,
  );
});

it('gives the date of another day, in local time', () => {
  expect(dayAndTime(at('14:02:11'), at('23:59:59'))).toBe('14:02:11');
  expect(dayAndTime(at('14:02:11'), new Date('2026-11-24T00:00:01').getTime())).toBe('2026-11-23 14:02:11');
});
