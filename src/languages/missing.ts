/** Which files would mend a missing module? */
import path from 'node:path';

const ENDINGS = {
  python: ['.py', '/__init__.py'],
  ruby: ['.rb'],
} as const;

/**
 * Absolute paths whose creation answers a `missing` line of a Python or Ruby process: its specifier is the
 * absolute path without an ending, once for each of the person's own folders where the module was looked for.
 * Empty for a specifier that is no such path.
 */
export function filesForMissing(language: keyof typeof ENDINGS, specifier: string): string[] {
  if (!path.isAbsolute(specifier)) return [];
  return ENDINGS[language].map((ending) => specifier + ending);
}
