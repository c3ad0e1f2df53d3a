/** The tail of a file that is appended to, rotated, removed and emptied. */
import {
  appendFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTail, type Position, type Tail } from '../../src/logs/tail.ts';
import { eventually } from '../rig/eventually.ts';

let folder: string;
let path: string;
let tails: Tail[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-tail-'));
  path = join(folder, 'web.log');
  tails = [];
});
afterEach(() => {
  for (const tail of tails) tail.close();
  rmSync(folder, { recursive: true });
});

function tailFrom(from: Position | 'end'): Tail {
  const tail = openTail(path, { from, endOf: ({ stats }) => stats.size });
  tails.push(tail);
  return tail;
}

function texts(tail: Tail, flush = false): string[] {
  const found: string[] = [];
  for (;;) {
    const { lines, more } = tail.read(flush);
    found.push(...lines.map(({ bytes }) => bytes.toString()));
    if (!more) return found;
  }
}

function rotate(): void {
  rmSync(`${path}.2`, { force: true });
  try {
    renameSync(`${path}.1`, `${path}.2`);
  } catch {
    // The first one.
  }
  renameSync(path, `${path}.1`);
}

it('begins at the end of the last whole line, and tells whole lines', () => {
  writeFileSync(path, 'old\nbegun');
  const tail = tailFrom('end');
  expect(texts(tail)).toEqual([]);
  appendFileSync(path, ' and ended\nnext');
  expect(texts(tail)).toEqual(['begun and ended']);
  expect(texts(tail, true)).toEqual(['next']);
});

it('waits for a file that is not there, and begins with its first line', () => {
  const tail = tailFrom('end');
  expect(texts(tail)).toEqual([]);
  writeFileSync(path, 'first\n');
  expect(texts(tail)).toEqual(['first']);
});

it('goes on at any position that it has told, through rotations, and tells nothing twice', () => {
  writeFileSync(path, '');
  let tail = tailFrom('end');
  const told: string[] = [];
  const printed: string[] = [];
  for (let n = 0; n < 60; n++) {
    appendFileSync(path, `line ${n}\n`);
    printed.push(`line ${n}`);
    if (n % 7 === 3) {
      rotate();
      writeFileSync(path, '');
    }
    if (n % 5 === 0) told.push(...texts(tail));
    if (n % 11 === 0) {
      const position = tail.position();
      tail.close();
      tail = tailFrom(position);
    }
  }
  told.push(...texts(tail));
  expect(told).toEqual(printed);
});

it('tells the end of a file that was removed, and goes on with the next one, not with older ones', async () => {
  writeFileSync(path, 'oldest\n');
  rotate();
  // Time stamps of files are a few ms coarse.
  await eventually(() => Date.now() > statSync(`${path}.1`).birthtimeMs + 20, 'it is older');
  writeFileSync(path, 'a\n');
  const tail = tailFrom('end');
  appendFileSync(path, 'b\nunfinished');
  rmSync(path);
  expect(texts(tail)).toEqual(['b', 'unfinished']);
  expect(texts(tail)).toEqual([]);
  const position = tail.position();
  writeFileSync(path, 'c\n');
  expect(texts(tail)).toEqual(['c']);
  expect(texts(tailFrom(position))).toEqual(['c']);
});

it('says so when its place is gone: the file was emptied, or removed', () => {
  writeFileSync(path, 'a\nb\n');
  const tail = tailFrom('end');
  const position = tail.position();
  truncateSync(path);
  appendFileSync(path, 'c\n');
  expect(tail.read()).toMatchObject({ gap: { reason: 'removed' }, lines: [{ at: { offset: 0 } }] });
  rmSync(path);
  writeFileSync(join(folder, 'other'), '');
  writeFileSync(path, 'd\n');
  expect(tailFrom(position).read().gap).toMatchObject({ reason: 'removed' });
});

it('is told how much it has missed when it is far behind, and goes on at a line near the end', () => {
  writeFileSync(path, '');
  const tail = tailFrom('end');
  const line = `${'x'.repeat(99)}\n`;
  appendFileSync(path, line.repeat(60_000));
  const { gap, lines } = tail.read();
  expect(gap).toMatchObject({ reason: 'behind', from: { offset: 0 } });
  expect((gap?.bytes ?? 0) + (lines.length + 0) * 100).toBeGreaterThan(5_000_000);
  expect(lines.every(({ bytes }) => bytes.length === 99)).toBe(true);
  const missed = gap?.bytes ?? 0;
  const rest = texts(tail);
  expect(missed + (lines.length + rest.length) * 100).toBe(6_000_000);
});
