/** Whether a CommonJS file looks as if it brings ES modules in: by `import()`, or by being one itself. Pure. */

/** `import(…)` is not a property or a longer word. */
const DYNAMIC = /(?:^|[^\w$.])import\s*\(/;
/** An import statement, at the start of a line as formatters leave it. An ES module without any brings none in. */
const STATIC = /^\s*import\b\s*[\w$*{'"]/m;
/** Types in JSDoc comments, `{import('./x')}`, stand in every third file of some packages. */
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** May say yes too often, which costs time, never exactness. */
export function mayImport(path: string, text: string): boolean {
  if (path.endsWith('.mjs') || path.endsWith('.mts')) return true;
  // Not by its first letter, which is three times as frequent: most texts end here, and this is all they cost.
  if (!text.includes('mport')) return false;
  if (!DYNAMIC.test(text) && !STATIC.test(text)) return false;
  const code = text.replace(COMMENTS, ' ');
  return DYNAMIC.test(code) || STATIC.test(code);
}
