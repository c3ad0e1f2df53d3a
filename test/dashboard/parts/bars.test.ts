import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../dashboard/data/history.ts';
import { barsOf, marksOf } from '../../../dashboard/timeline/bars.ts';
import { crashesOf } from '../../../dashboard/timeline/crashes.ts';
import { toneOf } from '../../../dashboard/timeline/tone.ts';
import type { JournalEntry } from '../../../src/contract/journal.ts';

const entry = (each: Record<string, unknown>) => ({ service: 'migrate', run: 1, ...each }) as JournalEntry;
const started = entry({ at: 1, kind: 'run-started', cause: { kind: 'start', by: 'cli' } });
const ended = (code: number) =>
  entry({ at: 9, kind: 'run-ended', exit: { code }, cause: null, lasted: 8 }) as JournalEntry;
const history = (...entries: JournalEntry[]): Happening[] =>
  entries.map((each, index) => ({ id: String(index), entry: each, text: null }));

const seen = (happenings: Happening[]) => ({
  crashed: barsOf(happenings)[0]?.crashed,
  marks: marksOf(happenings).map(({ shape }) => shape),
  tone: toneOf(happenings[1] as Happening, crashesOf(happenings)),
});
const CRASH = { crashed: true, marks: ['crash'], tone: 'bad' };

describe('a run that ended by itself', () => {
  it('with exit 0 has not crashed, whoever is started later', () => {
    const done = { crashed: false, marks: [], tone: 'plain' };
    expect(seen(history(started, ended(0)))).toEqual(done);
    expect(seen(history(started, ended(0), { ...started, at: 20, run: 2 } as JournalEntry))).toEqual(done);
  });

  it('with another exit has crashed', () => expect(seen(history(started, ended(1)))).toEqual(CRASH));

  it.each([
    entry({ at: 10, kind: 'retry', delay: 500, failures: 1 }),
    entry({ at: 10, kind: 'run-started', run: 2, cause: { kind: 'crash', exit: { code: 0 } } }),
  ])('with exit 0 has crashed if it was to go on: $kind', (next) =>
    expect(seen(history(started, ended(0), next))).toEqual(CRASH),
  );

  it('is followed by what becomes of it, and not by what becomes of another service', () => {
    const other = entry({ at: 10, service: 'web', kind: 'retry', delay: 500, failures: 1 });
    expect(seen(history(started, ended(0), other))).toEqual({ crashed: false, marks: [], tone: 'plain' });
    const parked = entry({ at: 11, kind: 'parked', reason: { kind: 'failures', count: 5, window: 1 } });
    expect(seen(history(started, ended(0), other, parked)).marks).toEqual(['crash', 'parked']);
  });
});
