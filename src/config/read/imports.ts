/** The local files that a script takes in, so that a change in one of them counts as a change of the configuration. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(["'])(\.{1,2}\/[^"'\n]+)\1/g;
const EXTENSIONS = ['', '.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.js'];

/** Absolute paths, found by the text of relative imports, through several steps; computed names are not seen. */
export function importedFiles(file: string, text: string): string[] {
  const seen = new Set<string>();
  const visit = (from: string, source: string): void => {
    for (const [, , specifier] of source.matchAll(SPECIFIER)) {
      const found = resolveLocal(from, specifier as string);
      if (found === null || found === file || seen.has(found)) continue;
      seen.add(found);
      if (/\.[cm]?[jt]s$/.test(found)) visit(found, readFileSync(found, 'utf8'));
    }
  };
  visit(file, text);
  return [...seen];
}

function resolveLocal(from: string, specifier: string): string | null {
  const base = resolve(dirname(from), specifier);
  // TypeScript sources may name the .js that a compiler would make of them.
  const candidates = [
    ...EXTENSIONS.map((extension) => base + extension),
    base.replace(/\.([cm]?)js$/, '.$1ts'),
  ];
  return candidates.find(isFile) ?? null;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
