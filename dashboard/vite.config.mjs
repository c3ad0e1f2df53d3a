import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';

const root = fileURLToPath(new URL('.', import.meta.url));

/**
 * What has to be there before anything can be shown is no file of its own: the script that asks what runs, and the
 * styles. The gateway allows exactly these by their hashes (src/gateway/headers.ts). The fonts come beside the page's
 * code: found by the styles only, they would come after the first layout, and cause a second.
 */
const firstThings = {
  name: 'first things in the page itself',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const { outputFiles } = buildSync({
        entryPoints: [`${root}first.ts`],
        bundle: true,
        minify: true,
        format: 'iife',
        target: 'es2022',
        write: false,
      });
      const files = Object.values(bundle);
      const first = `<script>${outputFiles[0].text.trim()}</script>`;
      const inline = html
        .replace('</title>', () => `</title>\n    ${first}`)
        .replace(/<link rel="stylesheet"[^>]* href="\/([^"]+)">\n?\s*/g, (_, name) => {
          const sheet = files.find(({ fileName }) => fileName === name);
          return `<style>${String(sheet.source).trim()}</style>\n    `;
        });
      const fonts = files.filter(({ fileName }) => fileName.endsWith('.woff2'));
      const preloaded = fonts.map(({ fileName }) => ({
        tag: 'link',
        attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `/${fileName}` },
        injectTo: 'head',
      }));
      return { html: inline, tags: preloaded };
    },
  },
};

/** tools/build.mjs says where to. Nothing else is inlined: the gateway's content security policy forbids it. */
export default defineConfig({
  root,
  plugins: [solid(), firstThings],
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, emptyOutDir: true },
});
