/** While a run boots, what it has not loaded yet may change: it finds what is there when it comes to it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memory } from './memory.ts';

const QUIET = 300;

/** An earlier run has loaded both; the next one has begun just now. */
function booting() {
  const told: string[][] = [];
  const space = memory(
    ['source', 'built'],
    { quiet: QUIET, changed: (files) => void told.push(files) },
    undefined,
    'load',
  );
  const next = () => {
    space.clock.advance(5_000);
    space.files.rebase(space.clock.wall(), false);
    space.clock.advance(1_000);
  };
  const load = (name: string) => space.files.load(name, space.clock.wall(), false);
  const save = (name: string, content: string) => {
    space.edit(name, content);
    space.clock.advance(2 * QUIET);
  };
  next();
  load('source');
  space.clock.advance(100);
  return { ...space, told, next, load, save };
}

it('what it has loaded counts as ever', () => {
  const { told, save } = booting();
  save('source', '2');
  expect(told).toEqual([['source']]);
});

it('what is built before it is loaded is no edit, and one after that is', () => {
  const { told, save, load, files, clock } = booting();
  save('built', '2');
  save('built', '3');
  load('built');
  clock.advance(1_000);
  files.booted();
  clock.advance(1_000);
  expect(told).toEqual([]);
  save('built', '4');
  expect(told).toEqual([['built']]);
});

it('what changes right after it was loaded is an edit, though that is heard of later', () => {
  const { told, save, files, clock } = booting();
  const loadedAt = clock.wall();
  clock.advance(50);
  save('built', '2');
  files.load('built', loadedAt, false);
  clock.advance(1_000);
  expect(told).toEqual([['built']]);
});

it('what it has not come to by its end counts after all', () => {
  const { told, save, files, clock } = booting();
  save('built', '2');
  files.booted();
  clock.advance(1_000);
  expect(told).toEqual([['built']]);
});

it('what it does without is no matter of its', () => {
  const { told, save, files, clock } = booting();
  save('built', '2');
  files.unload('built');
  files.booted();
  clock.advance(1_000);
  expect(told).toEqual([]);
});

it('what changed before the next run began is that one’s to find', () => {
  const { told, save, next, files, clock } = booting();
  save('built', '2');
  next();
  files.booted();
  clock.advance(1_000);
  expect(told).toEqual([]);
});

it('what is watched by name counts at once', () => {
  const { told, save, files } = booting();
  files.add('built', 0);
  save('built', '2');
  expect(told).toEqual([['built']]);
});

const acts = fc.array(
  fc.oneof(
    fc.record({ act: fc.constant('save' as const), name: fc.constantFrom('source', 'built') }),
    fc.record({ act: fc.constant('load' as const), name: fc.constantFrom('source', 'built') }),
    fc.record({ act: fc.constantFrom('launch' as const, 'booted' as const) }),
  ),
  { maxLength: 30 },
);

it('whatever happens, no run that has come to its end of booting goes on with what is not there any more', () => {
  fc.assert(
    fc.property(acts, (list) => {
      const { told, next, load, edit, clock, files } = booting();
      /** What the current run has loaded of each file, once it has. */
      let has = new Map<string, number>([['source', 0]]);
      const version = new Map([
        ['source', 0],
        ['built', 0],
      ]);
      let count = 0;
      for (const [index, each] of list.entries()) {
        clock.advance(1_000);
        if (told.length > 0) {
          told.length = 0;
          next();
          has = new Map();
        }
        if (each.act === 'save') {
          version.set(each.name, ++count);
          edit(each.name, `${count} ${index}`);
        } else if (each.act === 'load') {
          // A process loads a file once.
          if (has.has(each.name)) continue;
          has.set(each.name, version.get(each.name) ?? 0);
          load(each.name);
        } else if (each.act === 'booted') {
          files.booted();
        } else {
          next();
          has = new Map();
        }
      }
      clock.advance(1_000);
      files.booted();
      clock.advance(1_000);
      const stale = [...has].filter(([name, seen]) => version.get(name) !== seen);
      if (told.length === 0) expect(stale).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});
