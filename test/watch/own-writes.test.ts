/** A service that writes what it is watched by is stopped from restarting; a person's edits never are lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OwnWrites } from '../../src/watch/own-writes.ts';
import { type Memory, memory } from './memory.ts';

const MINUTE = 60_000;

interface Service extends Memory {
  /** When each run began, and what it found in the file. */
  runs: { at: number; found: string | null }[];
  suspected: boolean;
}

/** All of them are loaded. `writes`: what a run that has just begun does, with a timer of its own. */
function service(
  names: string | string[],
  writes: (space: Service, run: number) => void = () => {},
  by: 'load' | 'name' = 'load',
): Service {
  const all = [names].flat();
  const [name = ''] = all;
  const space: Service = Object.assign(
    memory(
      all,
      {
        changed: () => {
          space.files.rebase(space.clock.wall(), false);
          begin();
        },
        ownWrites: new OwnWrites((_, suspected) => {
          space.suspected = suspected;
        }),
      },
      undefined,
      by,
    ),
    { runs: [], suspected: false },
  );
  const begin = () => {
    if (by === 'load') for (const each of all) space.files.load(each, space.clock.wall(), false);
    space.files.booted();
    const run = space.runs.push({ at: space.clock.now(), found: space.contents.get(name) ?? null });
    writes(space, run);
  };
  begin();
  return space;
}

const last = ({ runs }: Service) => runs.at(-1)?.found;

describe('a service that writes its own file', () => {
  const atStart = (name: string) =>
    service(name, ({ clock, edit }, run) => clock.after(200, () => edit(name, `by run ${run}`)));

  it.each([
    ['state.json', 4],
    ['generated.ts', 6],
  ])('at each start, %s: each restart by it comes twice as late as the one before', (name, atOnce) => {
    const web = atStart(name);
    web.clock.advance(MINUTE);
    expect(web.runs.length).toBeLessThanOrEqual(atOnce + 5);
    expect(web.suspected).toBe(true);
    // Whoever waits for an edit of it is told so.
    expect(web.files.isPutOff(name)).toBe(true);
    web.clock.advance(8 * 60 * MINUTE);
    expect(web.runs.length).toBeLessThanOrEqual(atOnce + 5 + 6 + 8);
  });

  it('which its command builds and names: too', () => {
    const build = ({ clock, edit }: Service, run: number) =>
      clock.after(2000, () => edit('server', `by run ${run}`));
    const web = service('server', build, 'name');
    web.clock.advance(MINUTE);
    expect(web.runs.length).toBeLessThanOrEqual(9);
    expect(web.suspected).toBe(true);
  });

  it('which its command names and a person writes: not', () => {
    const web = service('server.sh', () => {}, 'name');
    web.clock.advance(100);
    for (let save = 1; save <= 20; save++) {
      web.edit('server.sh', `${save}`);
      web.clock.advance(1100);
      expect(last(web)).toBe(`${save}`);
    }
  });

  it('at each start: what somebody saves in it later is taken all the same', () => {
    const web = atStart('state.json');
    web.clock.advance(10 * MINUTE);
    const before = web.runs.length;
    web.edit('state.json', 'by a person');
    web.clock.advance(17_000);
    expect(web.runs).toHaveLength(before + 1);
    expect(last(web)).toBe('by a person');
  });

  it('on and on: restarts end, until it writes no more', () => {
    let isWriting = true;
    const web = service('state.json', function on(space, run) {
      space.clock.after(1500, () => {
        if (!isWriting || run !== space.runs.length) return;
        space.edit('state.json', `${space.clock.now()}`);
        on(space, run);
      });
    });
    web.clock.advance(10 * MINUTE);
    expect(web.runs.length).toBeLessThan(8);
    const before = web.runs.length;
    web.clock.advance(10 * MINUTE);
    expect(web.runs).toHaveLength(before);
    expect(web.files.isBusy).toBe(false);
    isWriting = false;
    web.clock.advance(MINUTE);
    expect(web.runs).toHaveLength(before + 1);
    expect(last(web)).toBe(web.contents.get('state.json'));
  });

  it('all the time: what somebody saves beside it is not kept waiting', () => {
    const web = service(['state.json', 'b.ts'], function on(space, run) {
      space.clock.after(80, () => {
        if (run !== space.runs.length) return;
        space.edit('state.json', `${space.clock.now()}`);
        on(space, run);
      });
    });
    web.clock.advance(MINUTE);
    const before = web.runs.length;
    const at = web.clock.now();
    web.edit('b.ts', 'by a person');
    web.clock.advance(MINUTE);
    expect(web.runs).toHaveLength(before + 1);
    expect(web.runs.at(-1)?.at).toBeLessThan(at + 500);
  });

  it('is trusted again by a run that does not write it', () => {
    const web = service('state.json', ({ clock, edit }, run) => {
      if (run < 6) clock.after(200, () => edit('state.json', `by run ${run}`));
    });
    web.clock.advance(20_000);
    expect([web.runs.length, web.suspected]).toEqual([6, true]);
    web.edit('state.json', 'mended');
    web.clock.advance(MINUTE);
    expect([web.runs.length, web.suspected]).toEqual([7, false]);
  });
});

describe('somebody who saves', () => {
  it.each(['scoring.ts', 'views.html'])('%s: whenever and however often, it is loaded in the end', (name) => {
    const gaps = fc.oneof(fc.integer({ min: 1, max: 1500 }), fc.integer({ min: 1, max: 20_000 }));
    fc.assert(
      fc.property(fc.array(gaps, { minLength: 1, maxLength: 60 }), (list) => {
        const web = service(name);
        list.forEach((gap, n) => {
          web.clock.advance(gap);
          // So soon after a start its event may be one of before: what a run has loaded then, its report tells.
          if (web.clock.now() - (web.runs.at(-1)?.at ?? 0) <= 50) web.clock.advance(51);
          web.edit(name, `save ${n}`);
        });
        web.clock.advance(60 * MINUTE);
        expect(last(web)).toBe(web.contents.get(name));
      }),
      { numRuns: 500 },
    );
  });

  it('a source each second is answered each time at first, and soon after the last', () => {
    const web = service('scoring.ts');
    for (let n = 0; n < 60; n++) {
      web.clock.advance(1000);
      web.edit('scoring.ts', `save ${n}`);
    }
    const end = web.clock.now();
    web.clock.advance(MINUTE);
    expect(last(web)).toBe('save 59');
    expect(web.runs.at(-1)?.at).toBeLessThanOrEqual(end + 8_000 + 100);
    expect(web.runs.length).toBeGreaterThan(5);
  });

  it('a source right after each start, and then now and then: never waits for more than 16 s', () => {
    const web = service('scoring.ts');
    for (let n = 0; n < 12; n++) {
      web.clock.advance(900);
      web.edit('scoring.ts', `quick ${n}`);
    }
    expect(web.suspected).toBe(true);
    for (let n = 0; n < 10; n++) {
      web.clock.advance(6_000);
      web.edit('scoring.ts', `save ${n}`);
    }
    const starts = web.runs.map(({ at }) => at);
    const pauses = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
    expect(Math.max(...pauses)).toBeLessThan(6_000 + 16_000 + 1_000);
  });

  it('and asks for it each time: is answered each time, however soon and often', () => {
    const web = service('scoring.ts');
    for (let n = 0; n < 30; n++) {
      web.clock.advance(300);
      web.edit('scoring.ts', `save ${n}`);
      web.files.look('scoring.ts');
      web.clock.advance(600);
      expect(last(web)).toBe(`save ${n}`);
    }
    expect(web.suspected).toBe(false);
  });
});
