/** What a file holds, read from a real one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { EMPTY, versionReader } from '../../src/watch/versions.ts';

it('a file that holds nothing is known as empty', () => {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-versions-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a.js');
  const read = versionReader(file, Date.now);
  writeFileSync(file, '');
  expect(read().content).toBe(EMPTY);
  writeFileSync(file, 'x');
  expect(read().content).not.toBe(EMPTY);
});
