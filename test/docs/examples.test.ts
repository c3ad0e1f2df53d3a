/** Configurations that the documents show are ones that load. */
import { describe, expect, it } from 'vitest';
import { StatusReport } from '../../src/contract/status.ts';
import { bundledConfig, workspace } from '../config/workspace.ts';
import { blocksOf, DOCUMENTS } from './documents.ts';

const { loadConfig } = await bundledConfig();

const FILES: Record<string, { file: string; isConfig: RegExp }> = {
  js: { file: 'upkeep.config.mjs', isConfig: /export default[\s\S]*services:/ },
  ts: { file: 'upkeep.config.ts', isConfig: /export default[\s\S]*services:/ },
  yaml: { file: 'upkeep.config.yaml', isConfig: /^services:/m },
  toml: { file: 'upkeep.config.toml', isConfig: /^\[services/m },
  json: { file: 'upkeep.config.json', isConfig: /"services": \{/ },
};

const examples = DOCUMENTS.flatMap((document) =>
  blocksOf(document).flatMap(({ language, text }) => {
    const kind = FILES[language];
    return kind?.isConfig.test(text) ? [{ document: document.name, file: kind.file, text }] : [];
  }),
);

describe('the documents', () => {
  it('show configurations', () => {
    expect(examples.length).toBeGreaterThan(5);
  });

  it.each(examples)('$document: $file', async ({ file, text }) => {
    const { services } = await loadConfig(workspace({ [file]: text }));
    expect(services).not.toEqual([]);
  });
});

it('docs/status.md shows every fact of status --json, and no other', () => {
  const page = DOCUMENTS.find(({ name }) => name === 'docs/status.md');
  const [json] = page === undefined ? [] : blocksOf(page).filter(({ language }) => language === 'json');
  const shown = JSON.parse(json?.text ?? '');
  expect(StatusReport.parse(shown)).toEqual(shown);
});
