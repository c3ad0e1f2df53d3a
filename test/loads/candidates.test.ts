import { describe, expect, it } from 'vitest';
import { candidatePaths } from '../../src/loads/candidates.ts';
import { packageOf } from '../../src/loads/packages.ts';

const from = (parent: string | null, specifier: string) => candidatePaths(specifier, parent, '/srv/app');

describe('where a missing module may come to be', () => {
  it('is beside the file that asked, with the endings that Node and tsx try', () => {
    const paths = from('/srv/app/src/a.js', './b');
    expect(paths[0]).toBe('/srv/app/src/b');
    for (const ending of ['.js', '.json', '.node', '.mjs', '.cjs', '.ts', '.tsx', '.mts', '.cts', '.jsx']) {
      expect(paths).toContain(`/srv/app/src/b${ending}`);
      expect(paths).toContain(`/srv/app/src/b/index${ending}`);
    }
    expect(paths).toContain('/srv/app/src/b/package.json');
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('is the source of what a TypeScript file names', () => {
    expect(from('/srv/a.ts', './b.js').slice(0, 3)).toEqual(['/srv/b.js', '/srv/b.ts', '/srv/b.tsx']);
    expect(from('/srv/a.ts', './b.mjs')).toContain('/srv/b.mts');
  });

  it.each([
    ['..', '/srv/index.js'],
    ['../b.js?v=1#x', '/srv/b.js'],
    ['/elsewhere/b.js', '/elsewhere/b.js'],
    ['file:///else%20where/b.js', '/else where/b.js'],
  ])('%s is a path', (specifier, path) => {
    expect(from('/srv/app/a.js', specifier)).toContain(path);
  });

  it.each(['lodash', '@scope/x', '#internal', 'node:nothing', '@/x', 'https://x/y.js', 'file://host/x', ''])(
    '%j is nowhere',
    (specifier) => {
      expect(from('/srv/app/a.js', specifier)).toEqual([]);
    },
  );

  it('is in the folder of the service for an entry', () => {
    expect(from(null, './server.js')[0]).toBe('/srv/app/server.js');
  });

  it('is not in node_modules', () => {
    expect(from('/srv/node_modules/x/index.js', './build/x.node')).toEqual([]);
    expect(from('/srv/a.js', './node_modules/x')).toEqual([]);
  });

  it('is a file or a folder of Python', () => {
    expect(from('/srv/a.py', '/srv/pkg/b')).toEqual(['/srv/pkg/b.py', '/srv/pkg/b/__init__.py']);
    expect(from(null, '/srv/pkg/b')).toEqual(expect.arrayContaining(['/srv/pkg/b.py', '/srv/pkg/b.rb']));
    expect(from('/srv/a.py', 'engine.scoring')).toEqual([]);
  });

  it('ends as Ruby has it', () => {
    expect(from('/srv/a.rb', './b')).toEqual(['/srv/b', '/srv/b.rb', '/srv/b.so']);
  });
});

it.each([
  ['/a/node_modules/express/lib/x.js', 'express'],
  ['/a/node_modules/@scope/name/x.js', '@scope/name'],
  ['/a/node_modules/.pnpm/x@1/node_modules/x/i.js', 'x'],
  ['/a/src/x.js', null],
])('%s is of the package %s', (path, name) => {
  expect(packageOf(path)).toBe(name);
});
