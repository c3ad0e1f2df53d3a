import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastLines } from '../../src/logs/last-lines.ts';
import { numbered } from './room.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-tail-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (content: string | Buffer) => {
  const path = join(folder, 'out');
  writeFileSync(path, content);
  return path;
};

it.each([
  ['', 3, []],
  ['a', 3, ['a']],
  ['a\nb\nc\nd\n', 3, ['b', 'c', 'd']],
  ['a\r\nb\r\n', 3, ['a', 'b']],
  ['a\n\n', 3, ['a', '']],
  ['a\nb\n', 0, []],
])('of %j the last %d are %j', (content, n, expected) => {
  expect(lastLines(file(content), n)).toEqual(expected);
});

it('reads the end of a large file', () => {
  expect(lastLines(file(numbered(0, 500_000)), 2)).toEqual(['line 499998', 'line 499999']);
});

it('cuts a huge line', () => {
  const [line, ...others] = lastLines(file(`first\n${'x'.repeat(1_000_000)}END\n`), 5);
  expect(others).toEqual([]);
  expect(line).toMatch(/^…x+END$/);
  expect(line?.length).toBeLessThan(5000);
});

it('keeps the beginning of a long line', () => {
  const [line, ...others] = lastLines(file(`Error: ${'x'.repeat(10_000)}\nlast\n`), 5);
  expect(others).toEqual(['last']);
  expect(line).toMatch(/^Error: x+…$/);
  expect(line?.length).toBeLessThan(5000);
});

it('has none when there is no file', () => {
  expect(lastLines(join(folder, 'nowhere'), 5)).toEqual([]);
  expect(lastLines(folder, 5)).toEqual([]);
});
