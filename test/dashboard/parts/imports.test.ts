/** Which files are drawn when there are more than a picture can hold. */
import { expect, it } from 'vitest';
import { importsOf, type LoadedFile } from '../../../dashboard/service/imports.ts';

const file = (name: string, ...parents: string[]): LoadedFile => ({
  file: name,
  loadedAt: '2026-11-23T10:00:00Z',
  entry: parents.length === 0,
  parents,
});

const SHARED = new Map([
  ['lib/deep.js', ['api', 'web']],
  ['lib/both.js', ['api', 'web', 'db']],
]);

it('draws all of a small one, each with the other services that loaded it', () => {
  const loaded = [file('web.js'), file('lib/a.js', 'web.js'), file('lib/both.js', 'lib/a.js', 'web.js')];
  expect(importsOf(loaded, SHARED, 'web', 40)).toEqual({
    files: [
      { file: 'web.js', entry: true, others: [] },
      { file: 'lib/both.js', entry: false, others: ['api', 'db'] },
      { file: 'lib/a.js', entry: false, others: [] },
    ],
    edges: [
      { from: 'lib/a.js', to: 'lib/both.js' },
      { from: 'web.js', to: 'lib/both.js' },
      { from: 'web.js', to: 'lib/a.js' },
    ],
    left: 0,
  });
});

it('of a large one what is shared, with a way to it, before what is near', () => {
  const chain = ['lib/1.js', 'lib/2.js', 'lib/3.js', 'lib/deep.js'];
  const loaded = [
    file('web.js'),
    ...Array.from({ length: 300 }, (_, number) => file(`near/${number}.js`, 'web.js')),
    ...chain.map((name, at) => file(name, chain[at - 1] ?? 'web.js')),
  ];
  const { files, edges, left } = importsOf(loaded, SHARED, 'web', 10);
  const names = files.map((each) => each.file);
  expect(names.slice(0, 5)).toEqual(['web.js', ...chain]);
  expect(names).toHaveLength(10);
  expect(left).toBe(loaded.length - 10);
  expect(edges).toContainEqual({ from: 'lib/3.js', to: 'lib/deep.js' });
});

it('circles, files that ask for themselves, and packages end no picture', () => {
  const loaded = [
    file('web.js'),
    file('a.js', 'web.js', 'b.js', 'a.js'),
    file('b.js', 'a.js'),
    file('c.js', 'express'),
  ];
  const { files, edges } = importsOf(loaded, new Map(), 'web', 40);
  expect(files).toHaveLength(4);
  expect(edges).toEqual([
    { from: 'web.js', to: 'a.js' },
    { from: 'b.js', to: 'a.js' },
    { from: 'a.js', to: 'b.js' },
  ]);
});
