/** What runs on trial promise, whenever files are saved and whenever runs load them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Memory, memory, START } from './memory.ts';

const NAMES = ['a.js', 'b.js', 'c.js'];
/** ms that a line of a report takes. */
const REPORT = 4;
/** ms of an empty process before its first file. */
const BOOT = 20;
const OVER = 60_000;
/** ms from the first run to the first save. */
const CALM = 5_000;

/** A run: what it has loaded of each file. */
type Run = Map<string, string | null>;

/** A service whose runs load each file `delays` ms after their start, and say so a little later. */
class Served {
  readonly space: Memory;
  /** What the run that serves has loaded. */
  serving: Run = new Map(NAMES.map((name) => [name, 'begin']));
  onTrial: Run | null = null;
  runs = 1;
  takenOver = 0;
  /** Epoch ms of the last change when something took over. */
  readonly decided: number[] = [];
  #untold: { name: string; at: number; run: Run }[] = [];

  /** `boots`: ms from the last file that a run loads until it is ready. */
  constructor(delays: readonly number[], quiet: number | null = null, boots = 0) {
    this.space = memory(
      NAMES,
      {
        quiet,
        begin: () => {
          const run = this.#launch(delays);
          this.onTrial = run;
          this.space.clock.after(BOOT + Math.max(...delays) + boots, () => {
            if (run === this.onTrial) this.space.files.trialSettled();
          });
          this.space.files.rebase(this.space.clock.wall(), true);
          return true;
        },
        trialEnded: (end) => {
          if (end === 'passed') this.#serve(this.onTrial ?? new Map());
          this.onTrial = null;
        },
        changed: () => {
          this.onTrial = null;
          const run = this.#launch(delays);
          this.space.files.rebase(this.space.clock.wall(), false);
          this.#serve(run);
          this.space.clock.after(BOOT + Math.max(...delays) + boots + REPORT, () => {
            if (run === this.serving) this.space.files.booted();
          });
        },
        catchUp: () => this.#tell(Number.POSITIVE_INFINITY),
      },
      undefined,
      'load',
    );
    this.space.clock.advance(CALM);
  }

  get differs(): string[] {
    return NAMES.filter((name) => this.serving.get(name) !== this.space.contents.get(name));
  }

  #serve(run: Run): void {
    this.serving = run;
    this.takenOver++;
    this.decided.push(this.space.clock.now());
  }

  #launch(delays: readonly number[]): Run {
    const run: Run = new Map();
    this.runs++;
    const { clock, contents } = this.space;
    NAMES.forEach((name, n) => {
      clock.after(BOOT + (delays[n] ?? 0), () => {
        if (run !== this.onTrial && run !== this.serving) return;
        run.set(name, contents.get(name) ?? null);
        this.#untold.push({ name, at: clock.wall(), run });
        clock.after(REPORT, () => this.#tell(clock.wall() - REPORT));
      });
    });
    return run;
  }

  #tell(until: number): void {
    const told = this.#untold.filter(({ at }) => at <= until);
    this.#untold = this.#untold.filter(({ at }) => at > until);
    for (const { name, at, run } of told)
      if (run === this.onTrial || run === this.serving) this.space.files.load(name, at, run === this.onTrial);
  }
}

const delays = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 3, maxLength: 3 });
const saves = fc.array(
  fc.record({
    gap: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 1500 })),
    name: fc.constantFrom(...NAMES),
    content: fc.constantFrom('begin', '1', '2', '3', '', null),
  }),
  { minLength: 1, maxLength: 15 },
);

describe('a run on trial', () => {
  it('serves in the end what is saved, and nothing is restarted when nothing has changed', () => {
    fc.assert(
      fc.property(delays, saves, fc.constantFrom(null, null, 1, 50, 300), (each, list, quiet) => {
        const served = new Served(each, quiet);
        for (const { gap, name, content } of list) {
          served.space.clock.advance(gap);
          served.space.edit(name, content);
        }
        served.space.clock.advance(OVER);
        expect(served.differs).toEqual([]);
        expect(served.onTrial).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  it('never takes over with what was only half saved', () => {
    fc.assert(
      fc.property(delays, saves, (each, list) => {
        const served = new Served(each);
        let seen = 0;
        const check = () => {
          if (served.takenOver === seen) return;
          seen = served.takenOver;
          // What it has loaded by now is what is there; what it has not it will find.
          for (const [name, content] of served.serving) expect(content).toBe(served.space.contents.get(name));
        };
        for (const { gap, name, content } of list) {
          for (let ms = 0; ms < gap; ms++) {
            served.space.clock.advance(1);
            check();
          }
          served.space.edit(name, content);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is at most one a burst: a burst takes two runs, and ends in one', () => {
    fc.assert(
      fc.property(delays, fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 40 }), (each, gaps) => {
        const served = new Served(each);
        served.space.edit('a.js', 'first');
        gaps.forEach((gap, n) => {
          served.space.clock.advance(gap);
          served.space.edit(NAMES[n % 3] ?? 'a.js', `${n}`);
        });
        served.space.clock.advance(OVER);
        expect(served.takenOver).toBe(1);
        expect(served.runs).toBeLessThanOrEqual(3);
        expect(served.differs).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('begins with the save itself, and takes over after the quiet period', () => {
    const served = new Served([0, 0, 0]);
    served.space.edit('a.js', '1');
    expect([served.runs, served.takenOver]).toEqual([2, 0]);
    served.space.clock.advance(99);
    expect(served.takenOver).toBe(0);
    served.space.clock.advance(1);
    expect([served.runs, served.takenOver, served.differs]).toEqual([2, 1, []]);
  });

  it('is not begun by a file that is empty or gone', () => {
    const served = new Served([0, 0, 0]);
    served.space.edit('a.js', '');
    served.space.edit('b.js', null);
    expect(served.runs).toBe(1);
    served.space.edit('a.js', '1');
    expect(served.runs).toBe(2);
    served.space.clock.advance(OVER);
    expect([served.takenOver, served.differs]).toEqual([1, []]);
  });

  it('has nothing to do when all is as it was: no restart', () => {
    const served = new Served([0, 0, 0]);
    served.space.edit('a.js', '1');
    served.space.clock.advance(50);
    served.space.edit('a.js', 'begin');
    served.space.clock.advance(OVER);
    expect([served.takenOver, served.differs]).toEqual([0, []]);
  });

  it('is kept when what it had not loaded yet changes, and is not when it had', () => {
    for (const [delay, runs] of [
      [60, 2],
      [0, 3],
    ] as const) {
      const served = new Served([0, delay, 0]);
      served.space.edit('a.js', '1');
      served.space.clock.advance(50);
      served.space.edit('b.js', '1');
      served.space.clock.advance(OVER);
      expect([served.runs, served.takenOver, served.differs]).toEqual([runs, 1, []]);
    }
  });

  it('that tells late what it has loaded is followed by another one', () => {
    const served = new Served([10_000, 10_000, 10_000]);
    const { files, clock } = served.space;
    served.space.edit('a.js', '1');
    clock.advance(30);
    served.space.edit('b.js', '1');
    clock.advance(1_000);
    expect([served.runs, served.takenOver]).toEqual([2, 1]);
    files.load('b.js', START + CALM + 25, false);
    clock.advance(1_000);
    expect(served.takenOver).toBe(2);
  });
});

describe('ten saves at a pace', () => {
  const tenSaves = (served: Served, gap: number) => {
    for (let n = 0; n < 10; n++) {
      served.space.edit('a.js', `${served.space.clock.now()}`);
      served.space.clock.advance(gap);
    }
    const last = served.space.clock.now() - gap;
    served.space.clock.advance(OVER);
    expect(served.differs).toEqual([]);
    return { last, decided: served.decided.splice(0) };
  };

  it.each([300, 450, 600])('of %d ms: one restart by the first, one after the last', (gap) => {
    const { last, decided } = tenSaves(new Served([0, 0, 0]), gap);
    expect(decided).toHaveLength(2);
    expect(decided[0]).toBe(CALM + 100);
    expect(decided[1]).toBeGreaterThan(last);
  });

  it.each([150, 300])('of %d ms for the second time: one restart, after the last', (gap) => {
    const served = new Served([0, 0, 0]);
    tenSaves(served, gap);
    const { last, decided } = tenSaves(served, gap);
    expect(decided).toEqual([last + 1.5 * gap]);
  });

  it.each([150, 300, 450])('of %d ms, and a server that takes as long to start: one restart', (gap) => {
    const { decided } = tenSaves(new Served([0, 0, 0], null, gap), gap);
    expect(decided).toHaveLength(1);
  });
});

describe('one save', () => {
  const saved = (served: Served) => {
    const from = served.space.clock.now();
    served.space.edit('a.js', `${from}`);
    served.space.clock.advance(OVER);
    return served.decided.splice(0).map((at) => at - from);
  };

  it('takes over as soon as its run is ready, but not before 100 ms and not waited for after 500', () => {
    expect([0, 60, 300, 2_000].map((boots) => saved(new Served([0, 0, 0], null, boots)))).toEqual([
      [100],
      [100],
      [320],
      [500],
    ]);
  });

  it('is waited for longer after a series, twice, and then as before', () => {
    const served = new Served([0, 0, 0]);
    for (let n = 0; n < 5; n++) {
      served.space.edit('a.js', `series ${n}`);
      served.space.clock.advance(200);
    }
    served.space.clock.advance(OVER);
    served.decided.length = 0;
    expect([saved(served), saved(served), saved(served)]).toEqual([[300], [300], [100]]);
  });
});
