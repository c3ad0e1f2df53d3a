/** What `why` tells, from the journal alone. */
import colors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { loopOf, runOf } from '../../src/api/runs-page.ts';
import { endedByItself, runFacts } from '../../src/api/story/facts.ts';
import { paragraphs } from '../../src/api/story/loops.ts';
import { repeatsOf } from '../../src/api/story/repeats.ts';
import { tellRuns } from '../../src/cli/why/tell.ts';
import { dayAndTime, timesAt } from '../../src/contract/clock.ts';
import type { Cause, ErrorMark, Exit } from '../../src/contract/facts.ts';
import type { JournalEntry } from '../../src/contract/journal.ts';

const at = (clock: string) => new Date(`2026-11-23T${clock}`).getTime();
const service = 'web';
const EDIT: Cause = {
  kind: 'edit',
  files: ['lib/scoring.js'],
  via: ['web.js', 'lib/pricing.js', 'lib/scoring.js'],
};
const CRASH: Cause = { kind: 'crash', exit: { code: 1 } };
const BOOM: ErrorMark = { id: 'b00', type: 'TypeError', message: 'boom', file: 'web.js', line: 2 };

const started = (clock: string, run: number, cause: Cause, port?: 'held' | 'closed'): JournalEntry => ({
  at: at(clock),
  kind: 'run-started',
  service,
  run,
  cause,
  ...(port && { port }),
});
const ready = (clock: string, run: number, took: number): JournalEntry => ({
  at: at(clock),
  kind: 'run-ready',
  service,
  run,
  took,
});
const ended = (
  clock: string,
  run: number,
  exit: Exit,
  cause: Cause | null,
  more: { ending?: number; error?: ErrorMark } = {},
): JournalEntry => ({
  at: at(clock),
  kind: 'run-ended',
  service,
  run,
  exit,
  cause,
  lasted: 131_000,
  ...more,
});

const journal: JournalEntry[] = [
  { at: at('13:00:00'), kind: 'daemon-started', pid: 1, version: '1', recovered: false },
  started('14:00:00', 6, { kind: 'start', by: 'cli' }),
  { at: at('14:00:01'), kind: 'run-started', service: 'api', run: 1, cause: { kind: 'boot' } },
  { at: at('14:00:30'), kind: 'late', service, run: 6, after: 30_000, detail: 'not ready after 30 s' },
  ended('14:02:11', 6, { signal: 'SIGTERM' }, { kind: 'edit', files: ['engine/scoring.js'] }),
  started('14:02:11', 7, { kind: 'edit', files: ['a.js', 'b.js', 'c.js', 'd.js'] }),
  ready('14:02:12', 7, 212.4),
  ended('14:05:40', 7, { code: 1 }, null),
  {
    at: at('14:05:40'),
    kind: 'parked',
    service,
    reason: { kind: 'failures', count: 5, window: 60_000 },
  },
];

/** As `upkeep why` prints it. */
function why(entries: JournalEntry[], words = new Map<number, string[]>(), zone?: string): string {
  const now = at('15:00:00');
  const times = timesAt(now, zone);
  const all = runFacts(entries, service);
  const told = paragraphs(all);
  const runs = [...all]
    .reverse()
    .map((each) => runOf(each, all, words.get(each.run) ?? [], () => null, times));
  const loops = told.filter(({ length }) => length > 1).map((group) => loopOf(group, times));
  return tellRuns({ runs, loops }, now, colors.createColors(false));
}

it('makes one story of each run of the service', () => {
  const [first, second, ...more] = runFacts(journal, service);
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

it('tells of a run that the daemon had announced and never begun', () => {
  const told = why([
    started('14:00:00', 6, CRASH),
    { at: at('14:00:01'), kind: 'not-begun', service, run: 6 },
    started('14:00:01', 7, CRASH),
  ]);
  expect(told).toContain('run 6 was never begun: the daemon ended before.');
});

it('begins in the middle when the older journal is gone', () => {
  const [story] = runFacts(journal.slice(7), service);
  expect(story).toMatchObject({ run: 7, startedAt: null, cause: null, exit: { code: 1 } });
});

it('a service that never ran has no story', () => {
  expect(runFacts(journal, 'other')).toEqual([]);
});

it('tells them newest first, with the last words of a crash', () => {
  const words = new Map([[7, ['\u001b[31mTypeError: x is not a function\u001b[39m']]]);
  expect(why(journal, words)).toBe(
    `14:02:11 run 7 started: a.js, b.js, c.js and 1 more changed. Ready in 212 ms.
14:05:40 run 7 ended with exit 1 after 2 m 11 s. Parked: failed 5 times within 60 s, last with exit 1; an edit, "upkeep start" or "upkeep restart" tries again.
         │ TypeError: x is not a function

14:00:00 run 6 started: asked for by "upkeep start".
14:00:30 run 6 not ready after 30 s.
14:02:11 run 6 stopped, had run for 2 m 11 s: engine/scoring.js changed.
`,
  );
});

describe('what a restart cost', () => {
  const swap = [
    started('14:00:00', 6, { kind: 'start', by: 'cli' }),
    ready('14:00:01', 6, 300),
    started('14:02:11', 7, EDIT, 'held'),
    ready('14:02:12', 7, 212),
    { at: at('14:02:12'), kind: 'swapped', service, run: 7, from: 6, took: 212 } as const,
  ];

  it('a swap: nothing refused, and how the run before it went', () => {
    const drained = {
      at: at('14:02:13'),
      kind: 'drained',
      service,
      run: 6,
      requests: 3,
      left: 0,
      took: 90,
    } as const;
    const told = why([...swap, drained, ended('14:02:13', 6, { signal: 'SIGTERM' }, EDIT)]);
    expect(told).toContain(
      '14:02:11 run 7 replaced run 6: lib/scoring.js changed (web.js → lib/pricing.js → lib/scoring.js). Ready in 212 ms, swapped at 14:02:12, 0 connections refused; run 6 ended cleanly after answering 3 requests.\n',
    );
    expect(told).toContain('14:02:13 run 6 gave way to run 7: ended cleanly after answering 3 requests.\n');
  });

  it('tells its times in the zone of who reads, if that is another one', () => {
    const there = new Date(at('14:02:12')).toLocaleTimeString('en-GB', { timeZone: 'Asia/Kathmandu' });
    expect(why(swap, new Map(), 'Asia/Kathmandu')).toContain(`swapped at ${there},`);
  });

  it('a run before it that still answers, was cut off, or was killed', () => {
    expect(why(swap)).toContain('0 connections refused; run 6 finishes what it was asked.');
    const cut = {
      at: at('14:02:43'),
      kind: 'drained',
      service,
      run: 6,
      requests: 1,
      left: 2,
      took: 30_000,
    } as const;
    const killed = { at: at('14:02:48'), kind: 'killed', service, run: 6, after: 5000 } as const;
    const end = ended('14:02:48', 6, { signal: 'SIGKILL' }, EDIT);
    expect(why([...swap, cut, killed, end])).toContain(
      'run 6 did not end when it was asked to, and was killed after answering 1 request, with 2 connections still open.',
    );
    expect(why([...swap, ended('14:02:13', 6, { code: 3 }, EDIT)])).toContain('; run 6 ended with exit 3.');
  });

  const before = [started('14:00:00', 1, { kind: 'start', by: 'cli' }, 'closed'), ready('14:00:01', 1, 300)];

  it('a plain restart: for how long its port was closed at most', () => {
    const restart: Cause = { kind: 'restart', by: 'cli' };
    const told = why([
      ...before,
      ended('14:02:11', 1, { code: 0 }, restart, { ending: 500 }),
      started('14:02:11', 2, restart, 'closed'),
      ready('14:02:12', 2, 900),
    ]);
    expect(told).toContain('Ready in 900 ms; its port was closed for 1.5 s at most.');
  });

  it('a held socket: those that came waited', () => {
    const told = why([
      ...before,
      ended('14:02:11', 1, { code: 1 }, null),
      started('14:02:11', 2, CRASH, 'held'),
      ready('14:02:12', 2, 900),
    ]);
    expect(told).toContain('Ready in 900 ms; 0 connections refused, they waited for 1.0 s at most.');
  });

  it('nothing of a port that was meant to be closed, was never open, or is not known', () => {
    const stop: Cause = { kind: 'stop', by: 'cli' };
    const start: Cause = { kind: 'start', by: 'cli' };
    const stopped = [...before, ended('14:02:11', 1, { code: 0 }, stop)];
    expect(why([...stopped, started('14:03:00', 2, start, 'closed'), ready('14:03:01', 2, 9)])).not.toContain(
      'port',
    );
    expect(why([started('14:03:00', 2, CRASH, 'closed'), ready('14:03:01', 2, 9)])).not.toContain('port');
    expect(why([...stopped, started('14:03:00', 2, CRASH), ready('14:03:01', 2, 9)])).not.toContain('port');
  });
});

describe('the same error again', () => {
  const crash = (minute: number, run: number, error: ErrorMark | undefined, cause: Cause = EDIT) => [
    started(`14:${10 + minute}:00`, run, cause),
    ended(`14:${10 + minute}:01`, run, { code: 1 }, null, { ...(error && { error }) }),
  ];
  const other = { ...BOOM, id: 'c01' };

  it('names the runs that it ended, or counts them', () => {
    const two = [...crash(0, 1, BOOM), ...crash(1, 2, other), ...crash(2, 3, BOOM)];
    expect(why(two)).toContain('run 3 ended with exit 1 after 2 m 11 s. The same error ended run 1.');
    const many = [...two, ...crash(3, 5, BOOM), ...crash(4, 6, BOOM), ...crash(5, 9, BOOM)];
    expect(why(many)).toContain(
      'run 6 ended with exit 1 after 2 m 11 s. The same error ended runs 1, 3 and 5.',
    );
    expect(why(many)).toContain(
      'run 9 ended with exit 1 after 2 m 11 s. The same error for the 5th time since 14:10:01.',
    );
    expect(why(crash(0, 1, undefined))).not.toContain('same error');
    const all = runFacts(many, service);
    expect(all.map((run) => repeatsOf(run, all)?.times)).toEqual([1, 1, 2, 3, 4, 5]);
  });

  it('a failed edit tells it too', () => {
    const failed = (run: number): JournalEntry => ({
      at: at('14:30:00'),
      kind: 'edit-failed',
      service,
      run,
      cause: EDIT,
      exit: { code: 1 },
      message: 'ended with exit 1 before it could take over',
    });
    const told = why([...crash(0, 1, BOOM), failed(1), ...crash(1, 2, BOOM), failed(2)]);
    expect(told).toMatch(/run 2 failed to take over: .* tries again\. The same error ended run 1\.\n/);
    expect(told).not.toContain('run 2 ended');
  });

  it('a crash loop is one paragraph', () => {
    const loop = [3, 4, 5, 6].flatMap((run) => crash(run, run, BOOM, run === 3 ? EDIT : CRASH));
    const parked = {
      at: at('14:16:01'),
      kind: 'parked',
      service,
      reason: { kind: 'failures', count: 4, window: 60_000 },
    } as const;
    const told = why([...crash(0, 1, BOOM), ...loop, parked], new Map([[6, ['TypeError: boom']]]));
    expect(told).toMatch(
      /^14:16:01 it crashed 4 times between 14:13:01 and 14:16:01 \(runs 3 to 6\), each with exit 1 within 2 m 11 s: TypeError: boom \(web\.js:2\)\. Run 3 had started: lib\/scoring\.js changed .*\. Then it was parked: failed 4 times within 60 s, .*\n {9}│ TypeError: boom\n\n14:10:00 run 1/,
    );
  });

  it('is none where two ended, by another error, or were started anew', () => {
    const shapes = (entries: JournalEntry[]) =>
      paragraphs(runFacts(entries, service)).map((group) => group.length);
    const again = (run: number, error: ErrorMark) => crash(run, run, error, CRASH);
    expect(shapes([...again(1, BOOM), ...again(2, BOOM)])).toEqual([1, 1]);
    expect(shapes([...again(1, BOOM), ...again(2, other), ...again(3, BOOM)])).toEqual([1, 1, 1]);
    expect(shapes([...again(1, BOOM), ...crash(2, 2, BOOM), ...again(3, BOOM)])).toEqual([1, 1, 1]);
    expect(shapes([...again(1, BOOM), ...again(2, BOOM), ...again(3, BOOM), ...again(4, other)])).toEqual([
      3, 1,
    ]);
  });
});

it('gives the date of another day, in local time', () => {
  expect(dayAndTime(at('14:02:11'), at('23:59:59'))).toBe('14:02:11');
  expect(dayAndTime(at('14:02:11'), new Date('2026-11-24T00:00:01').getTime())).toBe('2026-11-23 14:02:11');
});
