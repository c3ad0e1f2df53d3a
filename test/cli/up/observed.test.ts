import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { observe } from '../../../src/cli/up/observed.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-observed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function seen(services: object[]) {
  const path = join(folder, 'snapshot.json');
  writeFileSync(path, JSON.stringify({ services }));
  return observe(path, ['web', 'api']);
}

const ready = { kind: 'ready', run: 1 };
const stopped = { kind: 'stopped' };

it('knows who has a process, and when all have been stopped', () => {
  expect(
    seen([
      { name: 'web', wanted: true, state: ready },
      { name: 'api', wanted: false, state: stopped },
    ]),
  ).toEqual({ alive: ['web'], allStopped: false });
  expect(
    seen([
      { name: 'web', wanted: false, state: stopped },
      { name: 'other', wanted: true, state: ready },
    ]),
  ).toEqual({ alive: [], allStopped: true });
});

it('one that is parked or being stopped is not stopped', () => {
  expect(seen([{ name: 'web', wanted: true, state: { kind: 'crashed' } }])?.allStopped).toBe(false);
  expect(seen([{ name: 'web', wanted: false, state: { kind: 'stopping', run: 1 } }])?.allStopped).toBe(false);
});

it('a missing or broken snapshot says nothing', () => {
  expect(observe(join(folder, 'none.json'), ['web'])).toBe(null);
});
