import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ABSENT, type Evidence, judge } from '../../src/watch/verdict.ts';

const START = 1_000_000;
const evidence = (over: Partial<Evidence>): Evidence => ({
  known: 'old',
  current: 'new',
  stamp: START + 5000,
  since: START,
  eventAt: START + 5000,
  ...over,
});

describe('a file whose content at the start is known', () => {
  it('is the same as long as its content is, whatever its stamps say', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.option(fc.integer()),
        fc.option(fc.integer()),
        (content, stamp, eventAt) => {
          expect(judge(evidence({ known: content, current: content, stamp, eventAt }))).toBe('same');
        },
      ),
    );
  });

  it('has changed when its content differs', () => {
    expect(judge(evidence({}))).toBe('changed');
    expect(judge(evidence({ current: ABSENT, stamp: null }))).toBe('changed');
    expect(judge(evidence({ known: ABSENT }))).toBe('changed');
  });

  it('has changed when an old file was renamed over it', () => {
    expect(judge(evidence({ stamp: START - 86_400_000 }))).toBe('changed');
    expect(judge(evidence({ stamp: null }))).toBe('changed');
  });

  it('was so before the run when event and stamps say so', () => {
    expect(judge(evidence({ stamp: START - 3, eventAt: START - 2 }))).toBe('before');
    expect(judge(evidence({ stamp: START - 3, eventAt: START + 2 }))).toBe('before');
    expect(judge(evidence({ current: ABSENT, stamp: null, eventAt: START - 1 }))).toBe('before');
  });

  it('has changed when it was stamped after the start, though the event came early', () => {
    expect(judge(evidence({ stamp: START + 1, eventAt: START - 1 }))).toBe('changed');
  });

  it('has changed when it vanished just after the start', () => {
    expect(judge(evidence({ current: ABSENT, stamp: null, eventAt: START + 1 }))).toBe('changed');
  });
});

describe('a file that could not be hashed in time', () => {
  const unknown = (over: Partial<Evidence>) => judge(evidence({ known: null, eventAt: null, ...over }));

  it('has changed if it is stamped later than the start', () => {
    expect(unknown({ stamp: START + 1 })).toBe('changed');
    expect(unknown({ stamp: START - 1 })).toBe('before');
    expect(unknown({ stamp: START + 0.9 })).toBe('before');
  });

  it('has changed if it went away after the start', () => {
    expect(unknown({ current: ABSENT, stamp: null, eventAt: START + 1 })).toBe('changed');
    expect(unknown({ current: ABSENT, stamp: null })).toBe('before');
  });

  it('is taken as it is when its stamps lie in the future', () => {
    expect(unknown({ stamp: null })).toBe('before');
  });
});
