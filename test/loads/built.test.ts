import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { withBuilder } from '../../src/loads/built.ts';
import { Loaded } from '../../src/loads/loaded.ts';

const RUNS = { builder: null, before: 'node build.mjs', entry: null };

function loadedEntry(): { loaded: Loaded; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-built-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'server.cjs');
  writeFileSync(file, '');
  const loaded = new Loaded(folder);
  loaded.take(['load', Date.now(), file, null]);
  return { loaded, file };
}

it('what was written since the run began was made by what ran before, also with the date of another file', () => {
  const { loaded, file } = loadedEntry();
  const hourAgo = Date.now() / 1000 - 3_600;
  utimesSync(file, hourAgo, hourAgo);
  expect(withBuilder(RUNS, loaded, Date.now() - 60_000).builder).toBe('node build.mjs');
  expect(withBuilder(RUNS, loaded, Date.now() + 60_000)).toBe(RUNS);
});

it('nothing is concluded where nothing ran before, where a builder is known, or of what is gone', () => {
  const { loaded, file } = loadedEntry();
  for (const runs of [
    { builder: null, before: null, entry: null },
    { builder: 'tsc', before: 'tsc', entry: null },
  ])
    expect(withBuilder(runs, loaded, 0)).toBe(runs);
  expect(withBuilder(RUNS, null, 0)).toBe(RUNS);
  rmSync(file);
  expect(withBuilder(RUNS, loaded, 0)).toBe(RUNS);
});

it('a module that the entry imports may be generated: the entry is not', () => {
  const { loaded, file } = loadedEntry();
  const part = `${file}.part.cjs`;
  const begun = Date.now() + 60_000;
  writeFileSync(part, '');
  utimesSync(part, begun / 1000 + 1, begun / 1000 + 1);
  loaded.take(['load', Date.now(), part, file]);
  expect(withBuilder(RUNS, loaded, begun)).toBe(RUNS);
});

it('where nobody tells who imports what, only the file that the command names', () => {
  const { loaded, file } = loadedEntry();
  loaded.take(['hello', 1, 1, 'node', 'v20.0.0']);
  expect(loaded.isVague).toBe(true);
  expect(withBuilder(RUNS, loaded, 0)).toBe(RUNS);
  expect(withBuilder({ ...RUNS, entry: file }, loaded, 0).builder).toBe('node build.mjs');
});
