import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOCUMENT, withTables } from '../../tools/config-docs.ts';
import { bundledConfig, workspace } from './workspace.ts';

const { loadConfig } = await bundledConfig();

describe('docs/configuration.md', () => {
  const document = readFileSync(DOCUMENT, 'utf8');

  it('has the tables of the schema: npx jiti tools/config-docs.ts', () => {
    expect(document).toBe(withTables(document));
  });

  it('opens with a configuration that loads', async () => {
    const [, example] = /```js\n([\s\S]*?)```/.exec(document) ?? [];
    const root = workspace({ 'upkeep.config.js': example ?? '' });
    const { services, file } = await loadConfig(root);
    expect(file).toBe(join(root, 'upkeep.config.js'));
    expect(services.map(({ name }) => name)).toEqual(['web', 'api', 'db']);
  });
});
