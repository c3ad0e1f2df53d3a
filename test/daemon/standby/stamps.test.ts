import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stampsOf } from '../../../src/daemon/standby/stamps.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-stamps-'));
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'app'));
  program('node', '#!/bin/sh\n');
  writeFileSync(join(folder, 'app/package.json'), '{ "scripts": { "dev": "node a.js" } }');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, text: string): void {
  const path = join(folder, 'bin', name);
  writeFileSync(`${path}.new`, text);
  chmodSync(`${path}.new`, 0o755);
  renameSync(`${path}.new`, path);
}

const stamps = (command: { argv: string[] } | { shell: string }) =>
  stampsOf({ command, cwd: join(folder, 'app'), env: {} }, join(folder, 'bin'));

it.each<[string, () => void, boolean]>([
  ['nothing has changed', () => {}, true],
  ['its own files are none of its', () => writeFileSync(join(folder, 'app/a.js'), ''), true],
  ['another Node', () => program('node', '#!/bin/sh\n#\n'), false],
  ['no Node', () => rmSync(join(folder, 'bin/node')), false],
  ['another script', () => writeFileSync(join(folder, 'app/package.json'), '{}'), false],
  [
    'another folder',
    () => {
      renameSync(join(folder, 'app'), join(folder, 'gone'));
      mkdirSync(join(folder, 'app'));
      renameSync(join(folder, 'gone/package.json'), join(folder, 'app/package.json'));
    },
    false,
  ],
])('%s', (_, change, isSame) => {
  const commands = [{ argv: ['node', 'a.js'] }, { shell: 'npm run dev && true' }];
  const before = commands.map(stamps);
  change();
  expect(commands.map(stamps).map((each, index) => each === before[index])).toEqual(
    commands.map(() => isSame),
  );
});
