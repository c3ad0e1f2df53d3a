/** What a module's source says that it imports. The lexer (14 kB, of which 10 are WebAssembly) is loaded only when somebody asks, and so is Node's `fs.promises`. */
import { promises as files } from 'node:fs';
import { extname } from 'node:path';

const SCRIPTS = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.tsx', '.jsx']);
/** Bytes; nobody writes longer sources by hand. */
const MAX_SOURCE = 2 * 1024 * 1024;

/** Specifiers of `import`, `export … from` and `import('…')` in their order, each once. Empty for what is no module. */
export async function importsIn(source: string): Promise<string[]> {
  const { init, parse } = await import('es-module-lexer');
  await init;
  try {
    const found = parse(source)[0].flatMap(({ n }) => n ?? []);
    return [...new Set(found)];
  } catch {
    // A syntax error, or TypeScript that reads differently as JavaScript.
    return [];
  }
}

/** Null for what is no script, too long, or not there any more. */
export async function readScript(file: string): Promise<string | null> {
  if (!SCRIPTS.has(extname(file))) return null;
  try {
    const found = await files.stat(file);
    return found.isFile() && found.size <= MAX_SOURCE ? await files.readFile(file, 'utf8') : null;
  } catch {
    return null;
  }
}
