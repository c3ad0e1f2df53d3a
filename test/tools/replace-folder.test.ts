import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { replaceFolder } from '../../tools/replace-folder.mjs';

function folderOf(base: string, name: string, files: Record<string, string>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, name, file)), { recursive: true });
    writeFileSync(join(base, name, file), text);
  }
  return join(base, name);
}

it('puts the new in the place of the old, file by file, and removes what is only in the old', () => {
  const base = mkdtempSync(join(tmpdir(), 'upkeep-replace-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const to = folderOf(base, 'dist', { 'main.cjs': 'old', 'gone/a.cjs': 'old', 'kept/b.cjs': 'old' });
  const from = folderOf(base, 'new', { 'main.cjs': 'new', 'kept/b.cjs': 'new', 'added/c.cjs': 'new' });
  replaceFolder(from, to, 'main.cjs');
  const files = readdirSync(to, { recursive: true }).map(String).sort();
  expect(files).toEqual(['added', 'added/c.cjs', 'kept', 'kept/b.cjs', 'main.cjs']);
  expect(
    ['main.cjs', 'added/c.cjs', 'kept/b.cjs'].map((file) => readFileSync(join(to, file), 'utf8')),
  ).toEqual(['new', 'new', 'new']);
  expect(existsSync(from)).toBe(false);
});

it('makes the folder when there is none', () => {
  const base = mkdtempSync(join(tmpdir(), 'upkeep-replace-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  replaceFolder(folderOf(base, 'new', { 'main.cjs': 'new' }), join(base, 'dist'), 'main.cjs');
  expect(readFileSync(join(base, 'dist/main.cjs'), 'utf8')).toBe('new');
});
