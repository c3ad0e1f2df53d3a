import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CONFIG_EXTENSIONS, findConfigFile } from '../../src/config/find.ts';
import { workspace } from './workspace.ts';

describe('findConfigFile', () => {
  it.each(CONFIG_EXTENSIONS)('finds upkeep.config.%s from a sub-folder', (extension) => {
    const root = workspace({ [`upkeep.config.${extension}`]: '', 'a/b/x': '' });
    const found = { root, file: join(root, `upkeep.config.${extension}`) };
    expect(findConfigFile(root)).toEqual(found);
    expect(findConfigFile(join(root, 'a', 'b'))).toEqual(found);
    expect(findConfigFile(join(root, 'not', 'there'))).toEqual(found);
  });

  it.each([
    ['{ "upkeep": {} }', true],
    ['{ "upkeep": { }, broken }', true],
    ['{"name":"x","upkeep":', true],
    ['{"name":"x","upkeep": [', true],
    ['{"dependencies":{"upkeep": "1"', false],
    ['{ "dependencies": { "upkeep": "1" } }', false],
    ['{ "name": "upkeep" }', false],
    ['{ broken "upkeep" }', false],
    ['[]', false],
  ])('package.json %j counts: %j', (text, counts) => {
    const root = workspace({ 'package.json': text });
    expect(findConfigFile(root)?.root === root).toBe(counts);
  });

  it('prefers the nearest explicit configuration, and that over a nearer Procfile', () => {
    const root = workspace({
      'upkeep.config.js': '',
      'api/Procfile': 'web: x',
      'web/package.json': '{"upkeep":{}}',
      'web/src/x': '',
    });
    expect(findConfigFile(join(root, 'api'))?.file).toBe(join(root, 'upkeep.config.js'));
    expect(findConfigFile(join(root, 'web', 'src'))?.file).toBe(join(root, 'web', 'package.json'));
  });

  it('takes the nearest Procfile when there is nothing else', () => {
    const root = workspace({ Procfile: '', 'api/Procfile': '', 'api/src/x': '' });
    expect(findConfigFile(join(root, 'api', 'src'))).toEqual({
      root: join(root, 'api'),
      file: join(root, 'api', 'Procfile'),
    });
  });

  it('stays cheap: node builtins only', () => {
    const source = readFileSync(fileURLToPath(new URL('../../src/config/find.ts', import.meta.url)), 'utf8');
    const imports = [...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
    expect(imports.every((name) => name?.startsWith('node:'))).toBe(true);
  });
});
