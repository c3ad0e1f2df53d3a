import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { explain } from '../../src/loads/explain.ts';
import { Loaded } from '../../src/loads/loaded.ts';
import { importsIn } from '../../src/loads/static-imports.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep-explain-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Files that Node 20 loaded as ES modules, in this order: it says of none who asked. */
function run(sources: Record<string, string>): Loaded {
  const loaded = new Loaded(root);
  loaded.take(['hello', 1, 1, 'node', '20.19.0']);
  Object.entries(sources).forEach(([name, source], index) => {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, source);
    loaded.take(['load', index, file, null]);
  });
  return loaded;
}

async function chain(loaded: Loaded, file: string) {
  return (await explain(loaded, join(root, file)))?.map((each) => each.slice(root.length + 1));
}

it('finds chains through static and constant dynamic imports', async () => {
  const loaded = run({
    'server.mjs': "import { a } from './engine/a.js?x=1';\nconst later = () => import('./later.mjs');",
    'engine/a.js': "// import './b.js'\nexport * from\n'../engine/c.js';",
    'engine/c.js': 'export const c = "import \'./b.js\'";',
    'engine/b.js': '',
    'later.mjs': '',
  });
  expect(await chain(loaded, 'engine/c.js')).toEqual(['server.mjs', 'engine/a.js', 'engine/c.js']);
  expect(await chain(loaded, 'later.mjs')).toEqual(['server.mjs', 'later.mjs']);
  expect(await chain(loaded, 'engine/b.js')).toEqual(['engine/b.js']);
  expect(await chain(loaded, 'not-loaded.js')).toBeUndefined();
});

it('understands TypeScript, and the ending that it imports', async () => {
  const loaded = run({
    'server.ts':
      "import type { T } from './t.js';\nimport { b } from './b.js';\nconst x: Array<T> = b as T[];",
    'b.ts': 'export const b: unknown[] = [];',
  });
  expect(await chain(loaded, 'b.ts')).toEqual(['server.ts', 'b.ts']);
});

it('begins with the first file of a circle', async () => {
  const loaded = run({ 'server.mjs': "import './a.mjs'", 'a.mjs': "import './server.mjs'", 'b.mjs': '' });
  expect(await chain(loaded, 'a.mjs')).toEqual(['server.mjs', 'a.mjs']);
});

it('does with what is there: broken and removed sources', async () => {
  const loaded = run({ 'server.mjs': "import './a.mjs'", 'a.mjs': "import './b.mjs'", 'b.mjs': '' });
  writeFileSync(join(root, 'a.mjs'), 'import {{{');
  rmSync(join(root, 'b.mjs'));
  expect(await chain(loaded, 'a.mjs')).toEqual(['server.mjs', 'a.mjs']);
  expect(await chain(loaded, 'b.mjs')).toEqual(['b.mjs']);
});

it('reads imports that a pattern would not', async () => {
  const source =
    'const text = `\x24{import("./a.js")}`; const re = /import "x"/; import/*c*/"\\u002e/b.js"; import(name)';
  expect((await importsIn(source)).sort()).toEqual(['./a.js', './b.js']);
});
