import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Checkpoint, checkpointWriter, readCheckpoint } from '../../src/logs/checkpoint.ts';
import { homeAt } from '../../src/logs/home.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-checkpoint-'));
  path = join(folder, 'own', 'checkpoint');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const small: Checkpoint = {
  logDir: '/logs',
  ino: 4,
  size: 10,
  pending: 0,
  last: 2,
  runs: { 2: { ino: 9, offset: 12 } },
};
const large: Checkpoint = {
  ...small,
  runs: Object.fromEntries(
    Array.from({ length: 40 }, (_, run) => [String(run), { ino: 123_456_789, offset: run }]),
  ),
};

it('is read as it was saved, also a small one over a large one of an earlier daemon', () => {
  const earlier = checkpointWriter(path, homeAt(folder));
  earlier.save(large);
  earlier.close();
  expect(readCheckpoint(path)).toEqual(large);
  const writer = checkpointWriter(path, homeAt(folder));
  writer.save(small);
  expect(readCheckpoint(path)).toEqual(small);
  writer.close();
});

it('is written again after its folder was removed, once it was closed', () => {
  const writer = checkpointWriter(path, homeAt(folder));
  writer.save(small);
  writer.close();
  rmSync(join(folder, 'own'), { recursive: true });
  writer.save(small);
  writer.close();
  expect(readCheckpoint(path)).toEqual(small);
});

it.each([
  '',
  'nonsense',
  '{}',
  '{"logDir":"","ino":1,"size":-1,"pending":0,"last":null,"runs":{}}',
  '[1]',
  'null',
])('is nothing when the file says %j', (text) => {
  const writer = checkpointWriter(path, homeAt(folder));
  writer.save(small);
  writer.close();
  writeFileSync(path, text);
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect(readCheckpoint(path)).toBeNull();
});
