/** What `watch` names, also by links, and what it leaves out. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { namedBy } from '../../src/api/graph/named.ts';
import { specOf } from '../supervisor/services.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep-named-')));
afterAll(() => rmSync(root, { recursive: true }));

const app = join(root, 'app');
for (const file of [
  'app/views/a.html',
  'app/views/deep/b.html',
  'shared/c.html',
  'shared/deep/d.html',
  'e.html',
]) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), '');
}
symlinkSync('../../e.html', join(app, 'views/e.html'));
symlinkSync('../../shared', join(app, 'views/shared'));
// A circle, and a link that leads nowhere.
symlinkSync('..', join(app, 'views/deep/up'));
symlinkSync('nowhere', join(app, 'views/nowhere.html'));
symlinkSync('../shared', join(app, 'linked'));

function named(include: string[], ignore: string[] = []) {
  const { watch } = specOf('web');
  return namedBy({ ...specOf('web'), cwd: app, watch: { ...watch, include, ignore } });
}

it.each([
  { include: ['views/*.html'], file: 'app/views/a.html', names: ['views/a.html'] },
  { include: ['./views/*.html'], file: 'app/views/a.html', names: ['views/a.html'] },
  { include: ['views/*.html'], file: 'app/views/deep/b.html', names: [] },
  { include: ['views'], file: 'app/views/deep/b.html', names: ['views/deep/b.html'] },
  { include: ['views/a.html'], file: 'app/views/a.html', names: ['views/a.html'] },
  { include: ['../shared'], file: 'shared/deep/d.html', names: ['../shared/deep/d.html'] },
  { include: [], file: 'app/views/a.html', names: [] },
  { include: ['!views'], file: 'app/views/a.html', names: [] },
  // Left out of a folder, not by name.
  { include: ['views'], file: 'app/views/.git/a.html', names: [] },
  { include: ['views'], file: 'app/views/a.log', names: [] },
  { include: ['views/a.log'], file: 'app/views/a.log', names: ['views/a.log'] },
  // By links.
  { include: ['views/*.html'], file: 'e.html', names: ['views/e.html'] },
  { include: ['views/e.html'], file: 'e.html', names: ['views/e.html'] },
  { include: ['views/**/*.html'], file: 'shared/deep/d.html', names: ['views/shared/deep/d.html'] },
  { include: ['views/*/*.html'], file: 'shared/deep/d.html', names: [] },
  { include: ['linked'], file: 'shared/c.html', names: ['linked/c.html'] },
])('$include names $file by $names', ({ include, file, names }) => {
  expect(named(include).namesOf(join(root, file))).toEqual(names.map((name) => join(app, name)));
});

it('leaves out what is ignored and what is taken back', () => {
  const { leavesOut } = named(['views', '!views/deep'], ['*.html', '../shared/']);
  expect(leavesOut(join(app, 'views/a.html'))).toBe(true);
  expect(leavesOut(join(app, 'views/deep/x'))).toBe(true);
  expect(leavesOut(join(root, 'shared/x'))).toBe(true);
  expect(leavesOut(join(app, 'views/x'))).toBe(false);
  expect(named([]).leavesOut(join(app, 'views/x'))).toBe(false);
});

it('a link below what is left out leads to nothing', () => {
  const { namesOf, leavesOut } = named(['**/*.html'], ['views']);
  const names = namesOf(join(root, 'shared/c.html'));
  expect(names.filter((name) => !leavesOut(name))).toEqual([join(app, 'linked/c.html')]);
});
