// Builds dist/: the CLI (a small router and one bundle per command, CommonJS because it starts fastest),
// the daemon, the library in both module systems, its types, and the shell scripts as they are.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const require = createRequire(import.meta.url);

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node18',
  minifySyntax: true,
  minifyWhitespace: true,
  define: { __UPKEEP_VERSION__: JSON.stringify(version) },
  external: ['jiti', './config-loader.cjs', '../config-loader.cjs'],
  absWorkingDir: root,
  logLevel: 'warning',
  metafile: true,
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, 'commands'), { recursive: true });

const commonJs = { ...shared, format: 'cjs', outdir: dist, outExtension: { '.js': '.cjs' } };

/** What is loaded only when it is needed, by `await import`: name of the bundle → its source. */
const lazy = new Map();
/** Makes a bundle of its own of it: code that is read and compiled for nothing is most of what a look costs. */
const lazyBundles = (toDist) => ({
  name: 'lazy-bundles',
  setup(builder) {
    builder.onResolve({ filter: /./ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import' || path.startsWith('node:')) return undefined;
      const name = basename(path, '.ts');
      lazy.set(name, path.startsWith('.') ? relative(root, resolve(resolveDir, path)) : path);
      return { path: `${toDist}/lazy/${name}.cjs`, external: true };
    });
  },
});

const commands = readdirSync(join(root, 'src/cli/commands')).filter((name) => name.endsWith('.ts'));
const bundles = [
  await build({
    ...commonJs,
    plugins: [lazyBundles('..')],
    // By require(), which is already there: commands import bundles only, no module of a person's.
    supported: { 'dynamic-import': false },
    entryPoints: commands.map((name) => ({
      in: `src/cli/commands/${name}`,
      out: `commands/${name.slice(0, -3)}`,
    })),
  }),
  await build({
    ...commonJs,
    plugins: [lazyBundles('.')],
    entryPoints: [{ in: 'src/config/index.ts', out: 'config-loader' }],
  }),
  // The daemon is whole in one file: it must not meet the parts of another version after an update.
  await build({
    ...commonJs,
    entryPoints: [
      { in: 'src/cli/main.ts', out: 'upkeep' },
      { in: 'src/daemon/main.ts', out: 'daemon' },
      { in: 'src/config/print.ts', out: 'print-config' },
      { in: 'src/client/index.ts', out: 'client' },
      { in: 'src/api/index.ts', out: 'api' },
      { in: 'src/gateway/main.ts', out: 'gateway' },
      { in: 'src/gateway/openapi.ts', out: 'openapi' },
      { in: 'src/index.ts', out: 'index' },
    ],
  }),
  await build({
    ...commonJs,
    entryPoints: [...lazy].map(([name, source]) => ({ in: source, out: `lazy/${name}` })),
  }),
];

// For browsers and tools, as a module: nothing of Node's in it.
await build({
  ...shared,
  platform: 'neutral',
  format: 'esm',
  outfile: join(dist, 'http.js'),
  entryPoints: ['src/http/index.ts'],
});

// The hook is loaded by every Node process of a service: one small file without dependencies.
await build({
  ...shared,
  format: 'cjs',
  minify: true,
  outfile: join(dist, 'hook.cjs'),
  entryPoints: ['src/hook/main.ts'],
});

// One implementation for both module systems.
const names = Object.keys(require(join(dist, 'index.cjs'))).join(', ');
writeFileSync(
  join(dist, 'index.js'),
  `import library from './index.cjs';\nexport const { ${names} } = library;\n`,
);

for (const script of ['src/process/shim.sh', 'src/daemon/guard.sh']) {
  copyFileSync(join(root, script), join(dist, script.split('/').pop()));
}
for (const hook of ['python/sitecustomize.py', 'python/_upkeep_report.py', 'ruby/upkeep_report.rb']) {
  mkdirSync(join(dist, 'languages', dirname(hook)), { recursive: true });
  copyFileSync(join(root, 'src/languages', hook), join(dist, 'languages', hook));
}
chmodSync(join(dist, 'upkeep.cjs'), 0o755);

const { configJsonSchema } = require(join(dist, 'config-loader.cjs'));
writeFileSync(join(dist, 'config.schema.json'), `${JSON.stringify(configJsonSchema(), null, 2)}\n`);

const { openApi } = require(join(dist, 'openapi.cjs'));
writeFileSync(join(dist, 'openapi.json'), `${JSON.stringify(openApi(version), null, 2)}\n`);
rmSync(join(dist, 'openapi.cjs'));

execFileSync(
  process.execPath,
  [join(dirname(require.resolve('typescript/package.json')), 'bin/tsc'), '-p', 'tsconfig.types.json'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);

writeFileSync(
  join(dist, 'THIRD-PARTY.txt'),
  licences(bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs))),
);

/** The licence texts of the libraries that are bundled into dist/. */
function licences(inputs) {
  const names = new Set(
    inputs
      .map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1])
      .filter((name) => name !== undefined),
  );
  return [...names]
    .sort()
    .map((name) => {
      const folder = join(root, 'node_modules', name);
      const { version: its, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text =
        file !== undefined && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '';
      return `${name} ${its} (${license})\n\n${text.trim()}\n`;
    })
    .join(`\n${'-'.repeat(78)}\n\n`);
}
