import fc from 'fast-check';
import { expect, it } from 'vitest';
import { longestWait } from '../../src/watch/burst.ts';
import type { Clock } from '../../src/watch/clock.ts';
import type { Library, Touched } from '../../src/watch/library.ts';
import { createServiceFiles } from '../../src/watch/service.ts';

const QUIET = 300;
const START = 1_000_000;

/** A virtual clock; wall and monotonic time run alike. */
function virtualClock(): Clock & { advance(ms: number): void } {
  let now = 0;
  let timers: { at: number; then: () => void }[] = [];
  return {
    now: () => now,
    wall: () => START + now,
    after(ms, then) {
      const timer = { at: now + ms, then };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((each) => each !== next);
        now = next.at;
        next.then();
      }
      now = end;
    },
  };
}

/** Files in memory, a service that is concerned with them, and when what was reported. */
function memory(names: string[], addJob = (job: () => void) => job()) {
  const clock = virtualClock();
  const contents = new Map(names.map((name) => [name, { content: 'begin', stamp: START - 1 }]));
  const users = new Map<string, Touched>();
  const reports: { at: number; files: string[] }[] = [];
  const library: Library = {
    use(file, touched) {
      users.set(file, touched);
      const read = () => contents.get(file) ?? { content: 'absent', stamp: null };
      return { read, undo: () => users.delete(file) };
    },
    touch: (file) => users.get(file)?.(file),
    touchIn: () => {},
  };
  const files = createServiceFiles({
    clock,
    library,
    slices: { add: addJob, close: () => {} },
    quiet: QUIET,
    since: START,
    changed: (changed) => reports.push({ at: clock.now(), files: changed }),
    muted: () => {},
  });
  for (const name of names) files.add(name, START);
  return {
    clock,
    reports,
    contents,
    edit(name: string, content: string) {
      contents.set(name, { content, stamp: clock.wall() });
      library.touch(name);
    },
  };
}

const edits = fc.array(
  fc.record({
    gap: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 2000 })),
    name: fc.constantFrom('a', 'b', 'c'),
    content: fc.constantFrom('begin', '1', '2'),
  }),
  { maxLength: 60 },
);

it('every report tells exactly what differs from the one before, after quiet or the longest wait', () => {
  fc.assert(
    fc.property(edits, (list) => {
      const space = memory(['a', 'b', 'c']);
      const told = new Map([...space.contents].map(([name, { content }]) => [name, content]));
      const times: number[] = [];
      let seen = 0;
      const check = () => {
        for (const { at, files } of space.reports.slice(seen)) {
          const last = times.filter((time) => time <= at).at(-1) ?? Number.NaN;
          const afterQuiet = at - last >= QUIET;
          expect(afterQuiet || at - (times[0] ?? at) >= longestWait(QUIET)).toBe(true);
          const differs = [...space.contents].filter(([name, { content }]) => told.get(name) !== content);
          expect(files).toEqual(differs.map(([name]) => name).sort());
          for (const [name, { content }] of space.contents) told.set(name, content);
        }
        seen = space.reports.length;
      };
      for (const { gap, name, content } of list) {
        space.clock.advance(gap);
        check();
        times.push(space.clock.now());
        space.edit(name, content);
      }
      space.clock.advance(longestWait(QUIET) + QUIET);
      check();
      for (const [name, { content }] of space.contents) expect(told.get(name)).toBe(content);
    }),
    { numRuns: 300 },
  );
});

it('a file that never rests is reported after the longest wait, not never', () => {
  const space = memory(['a']);
  for (let n = 0; n < 60; n++) {
    space.edit('a', `${n}`);
    space.clock.advance(100);
  }
  expect(space.reports.map(({ at }) => at)).toEqual([longestWait(QUIET)]);
});

it('an edit in the middle of a check puts the report off until all is quiet again', () => {
  const jobs: (() => void)[] = [];
  const run = (count = jobs.length) => {
    for (const job of jobs.splice(0, count)) job();
  };
  const space = memory(['a', 'b'], (job) => jobs.push(job));
  run();
  space.clock.advance(1000);
  space.edit('a', '1');
  space.edit('b', '1');
  space.clock.advance(QUIET);
  run(1);
  space.edit('a', 'half of 2');
  run();
  expect(space.reports).toEqual([]);
  space.edit('a', 'begin');
  space.clock.advance(QUIET);
  run();
  expect(space.reports.map(({ files }) => files)).toEqual([['b']]);
});
