/** docs/architecture.md says what the code does: who imports whom, and where which function is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DOCUMENTS, ROOT } from './documents.ts';

const page = DOCUMENTS.find(({ name }) => name === 'docs/architecture.md')?.text ?? '';

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

function importsBetweenLayers(): Set<string> {
  const src = join(ROOT, 'src');
  const layers = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const found = layers.flatMap(({ name }) =>
    sources(join(src, name)).flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      const imported = [...text.matchAll(/(?:from|import\() ?'((?:\.\.?\/)+[^']+)'/g)];
      return imported
        .map(
          ([, path = '']) =>
            join(file, '..', path)
              .slice(src.length + 1)
              .split('/')[0],
        )
        .filter((layer) => layer !== name)
        .map((layer) => `${name} → ${layer}`);
    }),
  );
  return new Set(found);
}

it('shows the imports between the layers as they are', () => {
  const drawn = [...page.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} → ${to}`);
  const real = [...importsBetweenLayers()].filter((each) => !each.endsWith('→ contract'));
  expect(drawn.filter((each) => !each.endsWith('→ contract')).sort()).toEqual(real.sort());
  expect([...importsBetweenLayers()].filter((each) => each.startsWith('contract'))).toEqual([]);
});

it('names functions where they are', () => {
  const named = [...page.matchAll(/`([\w.]+)` (?:in |\()`(src\/[\w./-]+)`/g)];
  expect(named.length).toBeGreaterThan(15);
  const missing = named.filter(([, name = '', file = '']) => {
    const last = name.split('.').pop() ?? '';
    return !new RegExp(`\\b${last}\\b`).test(readFileSync(join(ROOT, file), 'utf8'));
  });
  expect(missing.map(([text]) => text)).toEqual([]);
});
