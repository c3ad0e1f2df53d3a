import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readStateFile, writeStateFile } from '../../src/daemon/state-file.ts';

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'upkeep-state-'));
  path = join(root, '.server-daemon-state.json');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('has exactly the shape of the specification', () => {
  writeStateFile(path, ['web-server', 'orchestrator'], Date.UTC(2025, 10, 5, 19, 30));
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    servers: ['web-server', 'orchestrator'],
    timestamp: '2025-11-05T19:30:00.000Z',
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('is read as it was written, empty too', () => {
  for (const servers of [[], ['a'], ['ü b', '__proto__']]) {
    writeStateFile(path, servers, 0);
    expect(readStateFile(path)).toEqual(servers);
  }
});

it('is nothing when there is none', () => {
  expect(readStateFile(path)).toBeNull();
});

it.each([
  '',
  '{',
  'null',
  '[]',
  '{}',
  '{"servers":["a"]}',
  '{"servers":"a","timestamp":"x"}',
  '{"servers":[1],"timestamp":"x"}',
  '{"servers":["a"],"timestamp":5}',
])('%j is corrupt', (text) => {
  writeFileSync(path, text);
  expect(readStateFile(path)).toBe('corrupt');
});

it('never falls over, whatever is in it', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        writeFileSync(path, bytes);
        const read = readStateFile(path);
        expect(read === 'corrupt' || Array.isArray(read)).toBe(true);
      },
    ),
  );
});
