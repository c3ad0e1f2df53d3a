import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportLine } from '../../src/contract/report.ts';
import { Loaded, MAX_PATHS } from '../../src/loads/loaded.ts';

function graph(...lines: ReportLine[]): Loaded {
  const loaded = new Loaded('/app');
  for (const line of lines) loaded.take(line);
  return loaded;
}

const load = (file: string, parent: string | null, at = 1): ReportLine => ['load', at, file, parent];

describe('what a run loaded', () => {
  it('says once of each file that it is new, and when it was loaded first', () => {
    const loaded = new Loaded('/app');
    expect(loaded.take(load('/app/a.js', null, 5))).toEqual({
      kind: 'file',
      file: '/app/a.js',
      at: 5,
      listing: null,
    });
    expect(loaded.take(load('/app/a.js', '/app/b.js', 7))).toBeNull();
    expect(loaded.take(load('/app/a.js', null, 3))).toBeNull();
    expect(loaded.loadedAt('/app/a.js')).toBe(3);
    expect([...loaded.files()]).toEqual(['/app/a.js']);
    expect(loaded.size).toBe(1);
    expect(loaded.has('/app/b.js')).toBe(false);
  });

  it('has nothing of node_modules', () => {
    const loaded = graph(load('/app/node_modules/x/i.js', null), ['read', 1, '/app/node_modules/x/y.html']);
    expect([...loaded.files(), ...loaded.reads]).toEqual([]);
  });

  it('tells what may have been found by listing a folder: what was loaded from it after that', () => {
    const loaded = graph(load('/app/a.js', null, 1), ['list', 2, '/app'], load('/app/b.js', null, 2));
    expect(loaded.listingOf('/app/a.js')).toBeNull();
    expect(loaded.listingOf('/app/b.js')).toEqual({ own: 2, above: null });
    const found = loaded.take(load('/app/c/c.js', null, 4));
    expect(found).toMatchObject({ listing: { own: null, above: 2 } });
    loaded.take(['list', 5, '/app/c']);
    expect(loaded.take(load('/app/c/d.js', null, 6))).toMatchObject({ listing: { own: 5, above: 2 } });
    expect(loaded.take(load('/app/c/d/e.js', null, 6))).toMatchObject({ listing: { own: null, above: 5 } });
    expect(loaded.take(load('/elsewhere/a.js', null, 6))).toMatchObject({ listing: null });
  });

  it('knows hellos, listening, and who is quiet', () => {
    const loaded = graph(['quiet', 1, 5, 'npm'], ['listening', 9], ['listening', 12]);
    expect([loaded.hasHello, loaded.listeningAt, loaded.quiet]).toEqual([false, 9, ['npm']]);
    loaded.take(['hello', 1, 6, 'python', '3.12.1']);
    expect([loaded.hasHello, loaded.isVague, [...loaded.languages]]).toEqual([
      true,
      false,
      [['python', '3.12.1']],
    ]);
  });

  it('turns what is missing into places to watch, once', () => {
    const loaded = new Loaded('/app');
    const news = loaded.take(['missing', 1, './b.js', '/app/a.js']);
    expect(news).toMatchObject({
      kind: 'missing',
      at: 1,
      candidates: expect.arrayContaining(['/app/b.js', '/app/b.ts']),
    });
    expect(loaded.take(['missing', 2, './b.js', '/app/a.js'])).toBeNull();
    expect(loaded.take(['missing', 2, 'lodash', '/app/a.js'])).toBeNull();
    expect(loaded.take(['missing', 2, '../x.node', '/app/node_modules/x/i.js'])).toBeNull();
    const config = ['missing', 2, '/app/next.config.js', '/app/node_modules/next/x.js'] as const;
    expect(loaded.take([...config])).toMatchObject({
      candidates: expect.arrayContaining(['/app/next.config.js']),
    });
    expect(loaded.missing.slice(0, 2)).toMatchObject([
      { specifier: './b.js' },
      { specifier: 'lodash', candidates: [] },
    ]);
  });

  it('offers what was read, unless it was loaded too', () => {
    const loaded = graph(['read', 1, '/app/a.html'], ['read', 1, '/app/a.js'], load('/app/a.js', null));
    expect(loaded.reads).toEqual(['/app/a.html']);
  });

  it('is bounded', () => {
    const loaded = new Loaded('/app');
    for (let n = 0; n <= MAX_PATHS; n++) loaded.take(load(`/app/${n}.js`, null));
    expect([loaded.size, loaded.isCut]).toEqual([MAX_PATHS, true]);
    const many = graph(load('/app/a.js', null));
    for (let n = 0; n < 1_000; n++) many.take(load('/app/a.js', `/app/${n}.js`));
    expect(many.parentsOf('/app/a.js').length).toBeLessThan(100);
    for (let n = 0; n <= 1_000; n++) many.take(['missing', 1, `./${n}`, '/app/a.js']);
    expect(many.isCut).toBe(true);
  });
});

describe('the chain to a file', () => {
  it('is the shortest from an entry', () => {
    const loaded = graph(
      load('/app/server.js', null),
      load('/app/a.js', '/app/server.js'),
      load('/app/b.js', '/app/a.js'),
      load('/app/c.js', '/app/b.js'),
      load('/app/c.js', '/app/a.js'),
    );
    expect(loaded.chainTo('/app/c.js')).toEqual(['/app/server.js', '/app/a.js', '/app/c.js']);
    expect(loaded.chainTo('/app/server.js')).toEqual(['/app/server.js']);
    expect(loaded.chainTo('/app/nobody.js')).toBeNull();
  });

  it('names a package that asked', () => {
    const parent = '/app/node_modules/@scope/next/dist/x.js';
    expect(graph(load('/app/page.js', parent)).chainTo('/app/page.js')).toEqual([
      '@scope/next',
      '/app/page.js',
    ]);
    const both = graph(
      load('/app/s.js', null),
      load('/app/page.js', parent),
      load('/app/page.js', '/app/s.js'),
    );
    expect(both.chainTo('/app/page.js')).toEqual(['/app/s.js', '/app/page.js']);
  });

  it('ends in a circle of which nobody knows the beginning', () => {
    const circle = graph(load('/app/a.js', '/app/b.js'), load('/app/b.js', '/app/a.js'));
    expect(circle.chainTo('/app/a.js')).toBeNull();
    expect(graph(load('/app/a.js', '/app/a.js')).chainTo('/app/a.js')).toEqual(['/app/a.js']);
  });

  it.each([
    ['20.19.0', true],
    ['22.14.9', true],
    ['23.4.0', true],
    ['22.15.0', false],
    ['v23.5.0', false],
    ['26.1.0', false],
  ])('is vague on Node %s: %s', (version, vague) => {
    expect(graph(['hello', 1, 1, 'node', version]).isVague).toBe(vague);
  });

  it('begins where nobody else asked, when a load without a parent may have one', () => {
    const lines = [load('/app/s.mjs', null), load('/app/c.cjs', null), load('/app/c.cjs', '/app/s.mjs')];
    expect(graph(...lines).chainTo('/app/c.cjs')).toEqual(['/app/c.cjs']);
    const vague = graph(['hello', 1, 1, 'node', '20.0.0'], ...lines);
    expect(vague.chainTo('/app/c.cjs')).toEqual(['/app/s.mjs', '/app/c.cjs']);
  });

  it('is a real path of the graph, from an entry, and no other is shorter', () => {
    const file = fc.integer({ min: 0, max: 9 }).map((n) => `/app/${n}.js`);
    const edges = fc.array(fc.tuple(file, fc.option(file, { freq: 4 })), { maxLength: 40 });
    fc.assert(
      fc.property(edges, (drawn) => {
        const pairs = drawn.filter(([to, from]) => to !== from);
        const loaded = graph(...pairs.map(([to, from]) => load(to, from)));
        const files = [...new Set(pairs.map(([to]) => to))];
        const distance = distances(pairs);
        for (const each of files) {
          const chain = loaded.chainTo(each);
          const expected = distance.get(each);
          if (expected === undefined) {
            // No entry leads there: it begins at what was not loaded, or nowhere.
            if (chain !== null && chain.length > 1) expect(loaded.has(chain[0] ?? '')).toBe(false);
            continue;
          }
          expect(chain).toHaveLength(expected + 1);
          expect(pairs).toContainEqual([chain?.[0], null]);
          expect(chain?.at(-1)).toBe(each);
          chain?.slice(1).forEach((to, index) => void expect(pairs).toContainEqual([to, chain[index]]));
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Steps from the nearest entry, by relaxing every edge until nothing changes. */
function distances(pairs: [string, string | null][]): Map<string, number> {
  const found = new Map<string, number>();
  for (let changed = true; changed; ) {
    changed = false;
    for (const [to, from] of pairs) {
      const above = from === null ? -1 : found.get(from);
      if (above === undefined || (found.get(to) ?? Number.POSITIVE_INFINITY) <= above + 1) continue;
      found.set(to, above + 1);
      changed = true;
    }
  }
  return found;
}
