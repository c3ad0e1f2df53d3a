import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { JournalEntry } from '../../src/contract/journal.ts';
import { openJournal } from '../../src/daemon/journal.ts';

const MAX_BYTES = 4 * 1024 * 1024;
const clock = { now: () => 5, wall: () => 1_700_000_000_000.7 };
let root: string;
let path: string;
let problems: (string | null)[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'upkeep-journal-'));
  path = join(root, 'journal.jsonl');
  problems = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const open = () => openJournal(path, clock, (message) => problems.push(message));
const lines = (file = path) => readFileSync(file, 'utf8').split('\n').slice(0, -1);
const ready = (run: number) => ({ kind: 'run-ready', service: 'web', run, took: 3 }) as const;

it('has one line for each entry, with its time, fit for the schema', () => {
  const journal = open();
  journal.add(ready(1));
  journal.add({ kind: 'config', services: ['line\nbreak'] }, 42.4);
  const entries = lines().map((line) => JournalEntry.parse(JSON.parse(line)));
  expect(entries).toEqual([
    { at: 1_700_000_000_001, ...ready(1) },
    { at: 42, kind: 'config', services: ['line\nbreak'] },
  ]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('goes on where an earlier daemon stopped', () => {
  open().add(ready(1));
  open().add(ready(2));
  expect(lines().map((line) => JSON.parse(line).run)).toEqual([1, 2]);
});

it('keeps one older file, and loses no entry while it changes over', () => {
  writeFileSync(path, `${'x'.repeat(MAX_BYTES - 10)}\n`);
  const journal = open();
  journal.add(ready(1));
  journal.add(ready(2));
  expect(statSync(`${path}.1`).size).toBe(MAX_BYTES - 9);
  expect(lines().map((line) => JSON.parse(line).run)).toEqual([1, 2]);
  appendFileSync(path, `${'y'.repeat(MAX_BYTES)}\n`);
  open().add(ready(3));
  expect(lines()).toHaveLength(1);
  expect(lines(`${path}.1`)[0]).toContain('"run":1');
});

it('fills a file to its last byte before the next is begun', () => {
  const line = `${JSON.stringify({ at: 1, ...ready(1) })}\n`;
  writeFileSync(path, `${'x'.repeat(MAX_BYTES - line.length - 1)}\n`);
  open().add(ready(1), 1);
  expect(existsSync(`${path}.1`)).toBe(false);
  open().add(ready(2), 1);
  expect(existsSync(`${path}.1`)).toBe(true);
});

describe('when it cannot be written', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('it says so, and what happened meanwhile is written with what comes next', () => {
    mkdirSync(path);
    const journal = open();
    journal.add(ready(1));
    expect(problems).toEqual([expect.stringMatching(/^the journal cannot be written: EISDIR/)]);
    rmSync(path, { recursive: true });
    journal.add(ready(2));
    expect(lines().map((line) => JSON.parse(line).run)).toEqual([1, 2]);
    expect(problems.at(-1)).toBe(null);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('or, when nothing comes, by itself', () => {
    mkdirSync(path);
    open().add(ready(1));
    vi.advanceTimersByTime(5_000);
    rmSync(path, { recursive: true });
    vi.advanceTimersByTime(1_000);
    expect(lines().map((line) => JSON.parse(line).run)).toEqual([1]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('does not tell again what an earlier daemon told and had no time to write down', () => {
  open().add(ready(1));
  const journal = open();
  journal.add(ready(1));
  journal.add({ ...ready(1), service: 'api' });
  expect(lines().map((line) => JSON.parse(line).service)).toEqual(['web', 'api']);
});

it('tells of a run whose number comes again, since its records were removed', () => {
  open().add(ready(1));
  const journal = open();
  journal.add({ kind: 'run-started', service: 'web', run: 1, cause: { kind: 'boot' } });
  journal.add(ready(1));
  expect(lines().map((line) => JSON.parse(line).kind)).toEqual(['run-ready', 'run-started', 'run-ready']);
});

it('begins a line of its own where a daemon was killed while it wrote', () => {
  writeFileSync(path, '{"at":1,"kind":"run-re');
  open().add(ready(1));
  expect(lines().map((line) => line.slice(0, 9))).toEqual(['{"at":1,"', '{"at":170']);
});

it('begins a line of its own where somebody has cut the file under it', () => {
  const journal = open();
  journal.add(ready(1));
  journal.add(ready(2));
  truncateSync(path, statSync(path).size - 20);
  journal.add(ready(3));
  journal.add(ready(4));
  expect(lines()).toHaveLength(4);
  expect(lines().slice(2)).toEqual([3, 4].map((run) => expect.stringContaining(`"run":${run},`)));
});
