import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportLine } from '../../src/contract/report.ts';
import { Gatherer } from '../../src/hook/gather.ts';
import type { CachedModule } from '../../src/hook/module-class.ts';
import type { Opened } from '../../src/hook/opened.ts';
import { Parents } from '../../src/hook/parents.ts';

const ROOT = '/projects/shop/';

/** What is written, write by write, when all is flushed; `imports`: what the ES loader has resolved. */
function report(imports: ReadonlyMap<string, string | null> | null = null) {
  const writes: string[] = [];
  const gatherer = new Gatherer(
    (bytes, length) => void writes.push(bytes.subarray(0, length).toString()),
    () => {},
  );
  const told = new Set<string>();
  const second: string[] = [];
  const opened = gatherer.opened({
    root: ROOT,
    told,
    imports: () => imports,
    tell: (path, parent, at, lines) => {
      second.push(path);
      if (told.has(path)) return;
      told.add(path);
      lines.add(['load', at, path, parent ?? null]);
    },
  });
  const lines = () => {
    gatherer.flush();
    return writes
      .flatMap((text) => text.split('\n').slice(0, -1))
      .map((line) => JSON.parse(line) as ReportLine);
  };
  return { gatherer, opened, writes, second, lines };
}

const fill = (opened: Opened, paths: readonly [string, string | null][]) => {
  for (const [path, parent] of paths) opened.add(path, parent);
};

describe('files that are opened', () => {
  it('hold: each is told once, as it is, in whole lines of writes that cannot mix', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom('src', 'ünïcode', '.hidden', 'a"b', 'a\\b', 'x'.repeat(1200), '\u{1F600}', 'm?x'),
    );
    const path = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => ROOT + pieces.join('/'));
    const pair = fc.tuple(path, fc.option(path));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 700 }), (pairs) => {
        const { opened, writes, lines } = report();
        fill(opened, pairs);
        const first = new Map([...pairs].reverse());
        const found = lines().map(([kind, , file, parent]) => [kind, file, parent]);
        const told = [...new Set(pairs.map(([each]) => each))];
        expect(found).toEqual(told.map((file) => ['load', file, first.get(file) ?? null]));
        for (const text of writes) {
          expect(text.endsWith('\n')).toBe(true);
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(16 * 1024);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are looked at twice where they may be no source of the project', () => {
    const { opened, lines, second } = report();
    const odd = ['/elsewhere/a.js', `${ROOT}.next/b.js`, `${ROOT}c.js?v=1`, `${ROOT}a/node:fs`];
    fill(opened, [[`${ROOT}plain.js`, null], ...odd.map((path): [string, null] => [path, null])]);
    lines();
    expect(second).toEqual(odd);
  });

  it('have who imported them, and are undecided where nobody did', () => {
    const imports = new Map([[`${ROOT}b.mjs`, `${ROOT}a.mjs`]]);
    const { opened, lines, second } = report(imports);
    opened.add(`${ROOT}b.mjs`, undefined);
    opened.add(`${ROOT}data.json`, undefined);
    expect(lines()[0]).toEqual(['load', expect.any(Number), `${ROOT}b.mjs`, `${ROOT}a.mjs`]);
    expect(second).toEqual([`${ROOT}data.json`]);
  });

  it('are written one by one at first, then in company', () => {
    const { opened, writes } = report();
    for (let index = 0; index < 400; index++) opened.add(`${ROOT}${index}.js`, null);
    expect(writes.length).toBeGreaterThanOrEqual(20);
    expect(writes.length).toBeLessThan(400);
  });
});

describe('who asked for a module', () => {
  const module = (filename: string, parent?: CachedModule): CachedModule => {
    const made = { loaded: false, filename, children: [], ...(parent && { parent }) };
    (parent?.children as unknown[] | undefined)?.push(made);
    return made;
  };

  it('is the one that runs, also after others came to their end or failed', () => {
    const parents = new Parents();
    const main = module('main');
    expect(parents.of(main)).toBe(null);
    const a = module('a', main);
    expect(parents.of(a)).toBe('main');
    const deep = module('deep', a);
    expect(parents.of(deep)).toBe('a');
    // It threw: it stays as one that never came to its end.
    const b = module('b', main);
    expect(parents.of(b)).toBe('main');
  });

  it('is asked of the module where somebody else runs: at a request, say', () => {
    const parents = new Parents();
    const main = module('main');
    const handler = module('handler', main);
    parents.of(main);
    parents.of(handler);
    const other = module('other');
    expect(parents.of(module('late', other))).toBe('other');
    expect(parents.of(module('later', other))).toBe('other');
  });
});
