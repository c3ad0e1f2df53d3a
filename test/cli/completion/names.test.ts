import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { completionNames } from '../../../src/cli/completion/names.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'upkeep-names-'));
  mkdirSync(join(root, '.upkeep'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function namesOf(config: unknown): string[] {
  writeFileSync(join(root, '.upkeep/config.json'), JSON.stringify(config));
  return completionNames(root, true);
}

it('lists services, then groups, each once', () => {
  const services = [
    { name: 'web', groups: ['front', 'db'] },
    { name: 'db', groups: ['back'] },
  ];
  expect(namesOf({ services })).toEqual(['web', 'db', '@front', '@db', '@back']);
  expect(completionNames(root, false)).toEqual(['web', 'db']);
});

it('finds nothing in what is missing or broken', () => {
  expect(completionNames(root, true)).toEqual([]);
  for (const config of [null, 7, {}, { services: 1 }, { services: [null, 3, {}, { name: '' }] }]) {
    expect(namesOf(config)).toEqual([]);
  }
});
