import fc from 'fast-check';
import { expect, it } from 'vitest';
import { longestWait } from '../../src/watch/burst.ts';
import { type Memory, memory } from './memory.ts';

const QUIET = 300;

/** Files that are watched by name, and when what was reported. */
function reported(names: string[], addJob?: (job: () => void) => void) {
  const reports: { at: number; files: string[] }[] = [];
  const changed = (files: string[]) => void reports.push({ at: space.clock.now(), files });
  const space: Memory = memory(names, { quiet: QUIET, changed }, addJob);
  return { ...space, reports };
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
      const space = reported(['a', 'b', 'c']);
      const told = new Map(space.contents);
      const times: number[] = [];
      let seen = 0;
      const check = () => {
        for (const { at, files } of space.reports.slice(seen)) {
          const last = times.filter((time) => time <= at).at(-1) ?? Number.NaN;
          const afterQuiet = at - last >= QUIET;
          expect(afterQuiet || at - (times[0] ?? at) >= longestWait(QUIET)).toBe(true);
          const differs = [...space.contents].filter(([name, content]) => told.get(name) !== content);
          expect(files).toEqual(differs.map(([name]) => name).sort());
          for (const [name, content] of space.contents) told.set(name, content);
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
      for (const [name, content] of space.contents) expect(told.get(name)).toBe(content);
    }),
    { numRuns: 300 },
  );
});

it('a file that never rests is reported after the longest wait, not never', () => {
  const space = reported(['a']);
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
  const space = reported(['a', 'b'], (job) => jobs.push(job));
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

it.each([
  ['set back by ten minutes', -600_000],
  ['set forward by a day', 86_400_000],
])('tells an edit after the clock was %s', (_, off) => {
  const space = reported(['a']);
  space.clock.advance(5_000);
  space.clock.set(off);
  space.edit('a', 'another');
  space.clock.advance(5_000);
  space.edit('a', 'and another');
  space.clock.advance(5_000);
  expect(space.reports.map(({ files }) => files)).toEqual([['a'], ['a']]);
});

it('a file that was only touched is told as the same, and one that is known to be is no edit however late it was written', () => {
  const same: [string, string][] = [];
  const told: string[][] = [];
  const told2: string[][] = [];
  const first = memory(['a'], {
    quiet: QUIET,
    changed: (files) => void told.push(files),
    same: (file, content) => void same.push([file, content]),
  });
  first.clock.advance(1_000);
  first.edit('a', 'begin');
  first.clock.advance(QUIET);
  expect([told, same]).toEqual([[], [['a', 'begin']]]);
  const jobs: (() => void)[] = [];
  const next = memory(
    ['a', 'b'],
    { quiet: QUIET, changed: (files) => void told2.push(files), sameAs: new Map([['a', 'begin']]) },
    (job) => jobs.push(job),
  );
  next.clock.advance(1_000);
  next.write('a', 'begin');
  next.write('b', 'begin');
  const run = () => {
    for (const job of jobs.splice(0)) job();
  };
  run();
  next.clock.advance(QUIET);
  run();
  run();
  expect(told2).toEqual([['b']]);
});

it('what was only touched is told as the same when other rules come before it was compared', () => {
  const told: string[] = [];
  const space = memory(['a', 'b'], { same: (file) => told.push(file) }, undefined, 'load');
  space.clock.advance(1_000);
  space.edit('a', 'begin');
  space.edit('b', 'another');
  space.files.close();
  expect(told).toEqual(['a']);
});
