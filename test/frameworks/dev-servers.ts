/** Dev servers, which reload by themselves what is edited. */
import type { Framework } from './framework.ts';

const VITE_PACKAGE = JSON.stringify({ type: 'module', scripts: { dev: 'vite' } });
const page = (answer: string) => `<!doctype html>
<title>page</title>
<h1>${answer}</h1>
<script type="module" src="/main.js"></script>
`;

export const VITE: Framework = {
  name: 'Vite',
  package: 'vite',
  command: (port) => `npm run dev -- --port ${port} --strictPort`,
  files: (answer) => ({
    'package.json': VITE_PACKAGE,
    'index.html': page(answer),
    'main.js': 'document.title = "ready";\n',
    'vite.config.js': "import { defineConfig } from 'vite';\nexport default defineConfig({});\n",
  }),
  edited: 'index.html',
  load: { host: 'localhost' },
  ownReload: true,
};

/** Its answer comes from vite.config.js. */
export const VITE_CONFIG: Framework = {
  ...VITE,
  name: 'Vite (vite.config.js edited)',
  files: (answer) => ({
    ...VITE.files('page', 0),
    'vite.config.js': `import { defineConfig } from 'vite';
const answer = { name: 'answer', transformIndexHtml: (html) => html.replace('page', '${answer}') };
export default defineConfig({ plugins: [answer] });
`,
  }),
  edited: 'vite.config.js',
};

const nextFiles = (answer: string, config: string): Record<string, string> => ({
  'package.json': JSON.stringify({ scripts: { dev: 'next dev' } }),
  'next.config.mjs': `export default { env: { ANSWER: '${config}' } };\n`,
  'app/layout.js': `export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>;
}
`,
  'app/page.js': `export const dynamic = 'force-dynamic';
export default function Page() {
  return <h1>${answer}</h1>;
}
`,
});

export const NEXT: Framework = {
  name: 'Next.js',
  package: 'next',
  command: () => 'npm run dev',
  files: (answer) => nextFiles(answer, ''),
  edited: 'app/page.js',
  service: { env: { NEXT_TELEMETRY_DISABLED: '1' } },
  load: { rest: 50 },
  ownReload: true,
};

export const NEXT_CONFIG: Framework = {
  ...NEXT,
  name: 'Next.js (next.config.mjs edited)',
  files: (answer) => nextFiles('{process.env.ANSWER}', answer),
  edited: 'next.config.mjs',
};

export const ASTRO: Framework = {
  name: 'Astro',
  package: 'astro',
  command: (port) => `npm run dev -- --port ${port}`,
  files: (answer) => ({
    'package.json': JSON.stringify({ type: 'module', scripts: { dev: 'astro dev' } }),
    'astro.config.mjs': "import { defineConfig } from 'astro/config';\nexport default defineConfig({});\n",
    'src/pages/index.astro': `---\n---\n<html lang="en"><body><h1>${answer}</h1></body></html>\n`,
  }),
  edited: 'src/pages/index.astro',
  service: { env: { ASTRO_TELEMETRY_DISABLED: '1' } },
  load: { host: 'localhost' },
  node: '22',
  ownReload: true,
};

export const JSON_SERVER: Framework = {
  name: 'json-server',
  package: 'json-server',
  command: (port) => `npx json-server --watch db.json --port ${port}`,
  files: (answer) => ({ 'db.json': JSON.stringify({ posts: [{ id: 1, title: answer }] }) }),
  edited: 'db.json',
  load: { path: '/posts', host: 'localhost' },
  ownReload: true,
};

export const DEV_SERVERS: readonly Framework[] = [VITE, VITE_CONFIG, NEXT, NEXT_CONFIG, ASTRO, JSON_SERVER];
