import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';

/** What is asked for by `import()` in the first script is loaded beside it, not after it. */
const preloadPage = {
  name: 'preload the page',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle = {} }) {
      const page = Object.values(bundle).find(
        ({ isDynamicEntry, name }) => isDynamicEntry && name === 'main',
      );
      if (page === undefined) throw new Error('the page is no chunk of its own any more');
      const files = [page.fileName, ...page.imports.filter((file) => !bundle[file].isEntry)];
      return files.map((file) => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
        injectTo: 'head',
      }));
    },
  },
};

/** tools/build.mjs says where to. Nothing is inlined: the gateway's content security policy forbids it. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [solid(), preloadPage],
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, emptyOutDir: true },
});
