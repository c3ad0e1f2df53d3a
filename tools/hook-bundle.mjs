// How the hook is bundled: one file, of which Node compiles at an app's start only what is needed there.
//
// To look through a script before it runs takes Node about a millisecond for each 10 kB. So what the hook asks for by
// `require('./…')`, in a function, is kept as text, and compiled when it is asked for. Such a part has copies of its
// own of what it imports: whatever has a state is to be in one part only, or handed over.
import { dirname, resolve } from 'node:path';
import { build } from 'esbuild';

// Without template literals there is no line break in it: what Node would print of the source for an uncaught error that
// comes out of a function of the hook is that one line, and it says that it is not to be printed (src/hook/bindings.ts).
const options = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node18',
  minify: true,
  supported: { 'template-literal': false },
};

/** The options of esbuild, but for the place of the output. */
export function hookBundle(root) {
  const later = resolve(root, 'src/hook/later.ts');
  return { ...options, entryPoints: [resolve(root, 'src/hook/main.ts')], plugins: [parts(later)] };
}

function parts(later) {
  return {
    name: 'parts of the hook',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir, importer }) =>
        kind === 'require-call' && importer !== later
          ? { path: resolve(resolveDir, path), namespace: 'part' }
          : undefined,
      );
      onLoad({ filter: /./, namespace: 'part' }, async ({ path }) => {
        const { outputFiles } = await build({
          ...options,
          entryPoints: [path],
          plugins: [parts(later)],
          // See src/hook/later.ts.
          banner: { js: '"use strict";require=module.builtin;' },
          write: false,
        });
        const text = JSON.stringify(outputFiles[0].text);
        return {
          contents: `module.exports = require(${JSON.stringify(later)}).compiled(${text});`,
          resolveDir: dirname(path),
        };
      });
    },
  };
}
